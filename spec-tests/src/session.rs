//! Carries out a script: compiles its modules, links and runs them, compares.
//!
//! In: a [`Script`] and an [`Engine`]. Out: [`Event`]s, one before and one after each directive.
//!
//! The subtle part is what a skipped module does to the others. One that would have shared the
//! memory, a table or a mutable global of another instance would also have changed them; from then
//! on the other instance, and whatever imports from it, is not in the state that the script relies
//! on. Such an instance is marked *diverged*, and its assertions are skipped for the same reason.

use std::collections::{BTreeSet, HashMap};

use wamr_host::Val;
use wast::token::Id;
use wast::{QuoteWat, WastDirective, WastExecute, WastInvoke, WastRet, Wat};

use crate::catalog::Script;
use crate::engine::{CompileFailure, Engine, Exporting};
use crate::interface::{Interface, InterfaceError};
use crate::link::{Exporter, InstanceId, Plan, SPECTEST, Source};
use crate::machine::{CallError, Instance, InstantiateError};
use crate::report::{Event, Outcome};
use crate::script::{self, Lines};
use crate::skip::SkipReason;
use crate::{trap, value};

/// What a directive says when an earlier failure is to blame.
pub const MODULE_FAILED: &str = "a module it needs has failed";

/// A script that cannot even be begun.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    #[error("the script cannot be parsed: {0}")]
    Script(#[from] wast::Error),
    #[error("the host module: {0}")]
    Host(#[from] InterfaceError),
    /// The device's process has gone, and every instance with it.
    #[error("{0}")]
    Lost(String),
    #[error("the report cannot be written: {0}")]
    Report(#[from] std::io::Error),
}

/// Runs every directive of the script.
pub fn run(
    script: &Script,
    engine: Engine,
    mut report: impl FnMut(Event) -> std::io::Result<()>,
) -> Result<(), SessionError> {
    let lines = Lines::of(script.text);
    let tokens = script::tokens(script.text)?;
    let directives = script::directives(&tokens)?;
    let assertions = directives
        .iter()
        .filter(|d| script::is_assertion(d))
        .count();
    report(Event::Plan {
        assertions: u32::try_from(assertions).unwrap_or(u32::MAX),
    })?;

    let mut session = Session::new(engine)?;
    for directive in directives {
        let assertion = script::is_assertion(&directive);
        report(Event::Begin {
            line: lines.line(directive.span()),
            directive: script::keyword(&directive).to_owned(),
        })?;
        let outcome = session.execute(directive);
        if let Some(why) = session.lost.take() {
            return Err(SessionError::Lost(why));
        }
        report(Event::End { assertion, outcome })?;
    }
    report(Event::Finished)?;
    Ok(())
}

/// A module of the script, or what is left of it.
struct Slot {
    interface: Interface,
    state: State,
    /// The instances whose state it can observe, through imports of imports too.
    depends_on: BTreeSet<InstanceId>,
    diverged: Option<SkipReason>,
}

enum State {
    Live(Instance),
    Skipped(SkipReason),
    Failed,
    /// The script has no way left to speak of it.
    Released,
}

struct Session {
    engine: Engine,
    host: Interface,
    slots: Vec<Slot>,
    current: Option<InstanceId>,
    names: HashMap<String, InstanceId>,
    registered: HashMap<String, InstanceId>,
    /// The modules that are defined but not instantiated, by name.
    definitions: HashMap<Option<String>, Vec<u8>>,
    /// Why no directive can be carried out any more.
    lost: Option<String>,
}

/// Why an action has no results to compare.
enum NoResult {
    Trap(String),
    Outcome(Outcome),
}

fn failed(message: impl Into<String>) -> Outcome {
    Outcome::Failed {
        message: message.into(),
    }
}

fn outcome_of(failure: CompileFailure) -> Outcome {
    match failure {
        CompileFailure::Limit(reason) => Outcome::Skipped { reason },
        CompileFailure::Failed(message) => failed(message),
    }
}

fn verdict(result: Result<(), String>) -> Outcome {
    match result {
        Ok(()) => Outcome::Passed,
        Err(message) => failed(message),
    }
}

impl Session {
    fn new(engine: Engine) -> Result<Self, SessionError> {
        Ok(Session {
            engine,
            host: Interface::of_text(SPECTEST)?,
            slots: Vec::new(),
            current: None,
            names: HashMap::new(),
            registered: HashMap::new(),
            definitions: HashMap::new(),
            lost: None,
        })
    }

    fn execute(&mut self, directive: WastDirective<'_>) -> Outcome {
        match directive {
            WastDirective::Module(module) => self.define(module),
            WastDirective::ModuleDefinition(module) => self.define_only(module),
            WastDirective::ModuleInstance {
                instance, module, ..
            } => self.instantiate_definition(instance, module),
            WastDirective::Register { name, module, .. } => self.register(name, module),
            WastDirective::Invoke(invoke) => match self.invoke(&invoke) {
                Ok(_) => Outcome::Passed,
                Err(NoResult::Trap(exception)) => failed(format!("the trap `{exception}`")),
                Err(NoResult::Outcome(outcome)) => outcome,
            },
            WastDirective::AssertReturn { exec, results, .. } => self.assert_return(exec, &results),
            WastDirective::AssertTrap {
                exec: WastExecute::Wat(module),
                message,
                ..
            } => self.assert_uninstantiable(module, message),
            WastDirective::AssertTrap { exec, message, .. } => self.assert_trap(exec, message),
            WastDirective::AssertException { exec, .. } => self.assert_exception(exec),
            WastDirective::AssertExhaustion { call, message, .. } => {
                self.assert_trap(WastExecute::Invoke(call), message)
            }
            WastDirective::AssertUnlinkable { module, .. } => self.assert_unlinkable(module),
            WastDirective::AssertInvalid {
                mut module,
                message,
                ..
            }
            | WastDirective::AssertMalformed {
                mut module,
                message,
                ..
            } => self.assert_refused(&mut module, message),
            other => failed(format!(
                "the runner does not know `{}`",
                script::keyword(&other)
            )),
        }
    }

    /// A module that the script goes on to use.
    fn define(&mut self, mut module: QuoteWat<'_>) -> Outcome {
        let name = module.name();
        let (slot, outcome) = match module.encode() {
            Ok(bytes) => self.instantiate(&bytes),
            Err(error) => (
                Slot {
                    interface: Interface::default(),
                    state: State::Failed,
                    depends_on: BTreeSet::new(),
                    diverged: None,
                },
                failed(format!("the text parser refuses the module: {error}")),
            ),
        };
        self.add(name, slot);
        outcome
    }

    /// Adds an instance, of which the script may speak by `name`.
    fn add(&mut self, name: Option<Id<'_>>, slot: Slot) {
        let id = self.slots.len();
        self.slots.push(slot);
        self.current = Some(id);
        if let Some(name) = name {
            self.names.insert(name.name().to_owned(), id);
        }
        self.release();
    }

    /// A module that the script instantiates later, or never.
    fn define_only(&mut self, mut module: QuoteWat<'_>) -> Outcome {
        let name = module.name().map(|name| name.name().to_owned());
        let bytes = match module.encode() {
            Ok(bytes) => bytes,
            Err(error) => return failed(format!("the text parser refuses the module: {error}")),
        };
        let outcome = match Interface::of(&bytes) {
            Ok(interface) => match self.reject(&interface, &bytes) {
                Err(outcome) => outcome,
                Ok(()) => match self.engine.compile(&bytes) {
                    Ok(_) => Outcome::Passed,
                    Err(failure) => outcome_of(failure),
                },
            },
            Err(error) => failed(error.to_string()),
        };
        self.definitions.insert(name, bytes.clone());
        // The last one needs no name.
        self.definitions.insert(None, bytes);
        outcome
    }

    fn instantiate_definition(
        &mut self,
        instance: Option<Id<'_>>,
        module: Option<Id<'_>>,
    ) -> Outcome {
        let name = module.map(|name| name.name().to_owned());
        let Some(bytes) = self.definitions.get(&name).cloned() else {
            return failed("no such module is defined");
        };
        let (slot, outcome) = self.instantiate(&bytes);
        self.add(instance, slot);
        outcome
    }

    /// Skips a module that the compiler has to refuse.
    fn reject(&self, interface: &Interface, bytes: &[u8]) -> Result<(), Outcome> {
        let reason = if interface.later_types {
            SkipReason::LaterTypes
        } else if interface.imported_first_value {
            SkipReason::ImportedFirstValue
        } else {
            return Ok(());
        };
        self.engine.refuses(bytes).map_err(failed)?;
        Err(Outcome::Skipped { reason })
    }

    /// Lets go of the instances that the script can name no more: each may hold gigabytes of
    /// addresses. What another one imports from them keeps them alive.
    fn release(&mut self) {
        let nameable: BTreeSet<InstanceId> = self
            .current
            .into_iter()
            .chain(self.names.values().copied())
            .chain(self.registered.values().copied())
            .collect();
        for (id, slot) in self.slots.iter_mut().enumerate() {
            if matches!(slot.state, State::Live(_)) && !nameable.contains(&id) {
                slot.state = State::Released;
            }
        }
    }

    fn instantiate(&mut self, bytes: &[u8]) -> (Slot, Outcome) {
        let mut slot = Slot {
            interface: Interface::default(),
            state: State::Failed,
            depends_on: BTreeSet::new(),
            diverged: None,
        };
        let outcome = (|| {
            slot.interface = Interface::of(bytes).map_err(|error| failed(error.to_string()))?;
            if let Err(outcome) = self.reject(&slot.interface, bytes) {
                if let Outcome::Skipped { reason } = outcome {
                    slot.state = State::Skipped(reason);
                }
                return Err(outcome);
            }
            let aot = self.engine.compile(bytes).map_err(|failure| {
                if let CompileFailure::Limit(reason) = failure {
                    slot.state = State::Skipped(reason);
                }
                outcome_of(failure)
            })?;
            let plan = self.plan(&slot.interface);
            slot.depends_on = self.reachable(&plan);
            let limit = slot
                .interface
                .clashing_names()
                .then_some(SkipReason::ZeroByteInName);
            if let Some(reason) = self.blocked(&plan).or(limit) {
                slot.state = State::Skipped(reason);
                return Err(Outcome::Skipped { reason });
            }
            if plan.broken {
                return Err(failed(MODULE_FAILED));
            }
            if let Some(import) = plan.unresolved.first() {
                return Err(failed(format!(
                    "nobody exports {}.{}",
                    import.module, import.name
                )));
            }
            let instance = self
                .link(&aot, &plan)
                .map_err(|error| failed(error.to_string()))?;
            slot.state = State::Live(instance);
            Ok(())
        })()
        .err()
        .unwrap_or(Outcome::Passed);
        (slot, outcome)
    }

    fn register(&mut self, name: &str, module: Option<Id<'_>>) -> Outcome {
        match self.find(module) {
            Ok(id) => {
                self.registered.insert(name.to_owned(), id);
                Outcome::Passed
            }
            Err(outcome) => outcome,
        }
    }

    fn assert_return(&mut self, exec: WastExecute<'_>, expected: &[WastRet<'_>]) -> Outcome {
        let mut linked = false;
        let results = match exec {
            WastExecute::Invoke(invoke) => {
                linked = self.is_linked(invoke.module);
                self.invoke(&invoke)
            }
            WastExecute::Get { module, global, .. } => self.get(module, global),
            WastExecute::Wat(_) => return failed("a module has no results"),
        };
        match results {
            Ok(results) => match value::check_results(expected, &results) {
                Err(_) if self.engine.quiets_results() && value::quieted(expected, &results) => {
                    Outcome::Skipped {
                        reason: SkipReason::QuietedResult,
                    }
                }
                checked => verdict(checked),
            },
            Err(NoResult::Trap(exception)) if linked && trap::is_uncaught(&exception) => {
                Outcome::Skipped {
                    reason: SkipReason::ForeignException,
                }
            }
            Err(NoResult::Trap(exception)) => {
                failed(format!("expected {expected:?}, got the trap `{exception}`"))
            }
            Err(NoResult::Outcome(outcome)) => outcome,
        }
    }

    /// A call that an exception of the program leaves.
    fn assert_exception(&mut self, exec: WastExecute<'_>) -> Outcome {
        let WastExecute::Invoke(invoke) = exec else {
            return failed("only a call can throw");
        };
        match self.invoke(&invoke) {
            Ok(results) => failed(format!(
                "expected an exception, got [{}]",
                value::shown(&results)
            )),
            Err(NoResult::Trap(exception)) if trap::is_uncaught(&exception) => Outcome::Passed,
            Err(NoResult::Trap(exception)) => {
                failed(format!("expected an exception, got the trap `{exception}`"))
            }
            Err(NoResult::Outcome(outcome)) => outcome,
        }
    }

    /// Whether an instance calls others.
    fn is_linked(&self, module: Option<Id<'_>>) -> bool {
        self.find(module)
            .is_ok_and(|id| !self.slots[id].depends_on.is_empty())
    }

    fn assert_trap(&mut self, exec: WastExecute<'_>, expected: &str) -> Outcome {
        let WastExecute::Invoke(invoke) = exec else {
            return failed("only a call and a module can trap");
        };
        match self.invoke(&invoke) {
            Ok(results) => failed(format!(
                "expected the trap `{expected}`, got [{}]",
                value::shown(&results)
            )),
            Err(NoResult::Trap(exception)) => verdict(trap::check(expected, &exception)),
            Err(NoResult::Outcome(outcome)) => outcome,
        }
    }

    /// A module whose segments or start function trap.
    fn assert_uninstantiable(&mut self, mut module: Wat<'_>, expected: &str) -> Outcome {
        let (aot, plan) = match self.compile_and_plan(&mut module) {
            Ok(compiled) => compiled,
            Err(outcome) => return outcome,
        };
        if let Some(reason) = self.blocked(&plan) {
            return Outcome::Skipped { reason };
        }
        if plan.broken {
            return failed(MODULE_FAILED);
        }
        match self.link(&aot, &plan) {
            Ok(_) => failed(format!(
                "expected the trap `{expected}`, but it was instantiated"
            )),
            Err(InstantiateError::Trap(exception)) => verdict(trap::check(expected, &exception)),
            Err(error) => failed(format!("expected the trap `{expected}`, got: {error}")),
        }
    }

    fn assert_unlinkable(&mut self, mut module: Wat<'_>) -> Outcome {
        let (aot, plan) = match self.compile_and_plan(&mut module) {
            Ok(compiled) => compiled,
            Err(outcome) => return outcome,
        };
        if plan.broken {
            return failed(MODULE_FAILED);
        }
        match self.link(&aot, &plan) {
            Err(InstantiateError::Refused(_)) => Outcome::Passed,
            Err(InstantiateError::Lost(why)) => failed(why),
            Err(InstantiateError::Trap(exception)) => failed(format!(
                "expected a refusal by the linker, got the trap `{exception}`"
            )),
            Ok(_) => match plan.unchecked() {
                Some(reason) => Outcome::Skipped { reason },
                None => failed("expected a refusal by the linker, but it was instantiated"),
            },
        }
    }

    fn assert_refused(&mut self, module: &mut QuoteWat<'_>, expected: &str) -> Outcome {
        let Ok(bytes) = module.encode() else {
            return Outcome::TextRefused;
        };
        verdict(
            self.engine
                .refuses(&bytes)
                .map_err(|error| format!("{error} ({expected})")),
        )
    }

    fn compile_and_plan(&mut self, module: &mut Wat<'_>) -> Result<(Vec<u8>, Plan), Outcome> {
        let bytes = module.encode().map_err(|error| failed(error.to_string()))?;
        let interface = Interface::of(&bytes).map_err(|error| failed(error.to_string()))?;
        self.reject(&interface, &bytes)?;
        let aot = self.engine.compile(&bytes).map_err(outcome_of)?;
        Ok((aot, self.plan(&interface)))
    }

    fn plan(&self, interface: &Interface) -> Plan {
        Plan::new(interface, |module| {
            if let Some(id) = self.registered.get(module) {
                let slot = &self.slots[*id];
                return Some(match &slot.state {
                    State::Live(_) => Exporter::Instance(*id, &slot.interface),
                    State::Skipped(reason) => Exporter::Skipped(*reason),
                    State::Failed | State::Released => Exporter::Failed,
                });
            }
            (module == "spectest").then_some(Exporter::Host(&self.host))
        })
    }

    /// Whether the runtime cannot link the module; if so, whose state it would have shared is
    /// marked.
    fn blocked(&mut self, plan: &Plan) -> Option<SkipReason> {
        for blocker in &plan.blockers {
            if let Some(exporter) = blocker.exporter {
                self.slots[exporter].diverged.get_or_insert(blocker.reason);
            }
        }
        plan.blockers.first().map(|blocker| blocker.reason)
    }

    fn reachable(&self, plan: &Plan) -> BTreeSet<InstanceId> {
        plan.depends_on
            .iter()
            .flat_map(|id| self.slots[*id].depends_on.iter().chain([id]).copied())
            .collect()
    }

    fn link(&mut self, aot: &[u8], plan: &Plan) -> Result<Instance, InstantiateError> {
        let provided = plan.links.iter().map(|link| {
            let exporter = match link.source {
                Source::Host => Some(Exporting::Host),
                Source::Instance(id) => match &self.slots[id].state {
                    State::Live(instance) => Some(Exporting::Instance(instance)),
                    State::Skipped(_) | State::Failed | State::Released => None,
                },
            };
            (&link.import, exporter)
        });
        let provided = provided.filter_map(|(import, exporter)| Some((import, exporter?)));
        let linked = self.engine.instantiate(aot, provided);
        if let Err(InstantiateError::Lost(why)) = &linked {
            self.lost = Some(why.clone());
        }
        linked
    }

    fn find(&self, module: Option<Id<'_>>) -> Result<InstanceId, Outcome> {
        match module {
            Some(name) => self
                .names
                .get(name.name())
                .copied()
                .ok_or_else(|| failed(format!("no module is called ${}", name.name()))),
            None => self.current.ok_or_else(|| failed("there is no module yet")),
        }
    }

    /// The instance that an action is about, if it is there and in the state it ought to be in.
    fn instance(&self, module: Option<Id<'_>>) -> Result<&Instance, NoResult> {
        let id = self.find(module).map_err(NoResult::Outcome)?;
        let slot = &self.slots[id];
        match &slot.state {
            State::Failed | State::Released => Err(NoResult::Outcome(failed(MODULE_FAILED))),
            State::Skipped(reason) => Err(NoResult::Outcome(Outcome::Skipped { reason: *reason })),
            State::Live(instance) => {
                let diverged = slot
                    .depends_on
                    .iter()
                    .chain([&id])
                    .find_map(|observed| self.slots[*observed].diverged);
                match diverged {
                    Some(reason) => Err(NoResult::Outcome(Outcome::Skipped { reason })),
                    None => Ok(instance),
                }
            }
        }
    }

    fn invoke(&mut self, invoke: &WastInvoke<'_>) -> Result<Vec<Val>, NoResult> {
        let arguments = invoke
            .args
            .iter()
            .map(value::argument)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| NoResult::Outcome(failed(error.to_string())))?;
        let instance = self.instance(invoke.module)?.clone();
        instance
            .call(invoke.name, &arguments)
            .map_err(|error| match error {
                CallError::Trap(exception) => NoResult::Trap(exception),
                CallError::Limit(reason) => NoResult::Outcome(Outcome::Skipped { reason }),
                CallError::Lost(why) => {
                    self.lost = Some(why.clone());
                    NoResult::Outcome(failed(why))
                }
                CallError::Other(message) => {
                    NoResult::Outcome(failed(format!("calling `{}`: {message}", invoke.name)))
                }
            })
    }

    fn get(&self, module: Option<Id<'_>>, global: &str) -> Result<Vec<Val>, NoResult> {
        let instance = self.instance(module)?;
        match instance.global(global) {
            Ok(value) => Ok(vec![value]),
            Err(error) => Err(NoResult::Outcome(failed(format!(
                "the global `{global}`: {error}"
            )))),
        }
    }
}
