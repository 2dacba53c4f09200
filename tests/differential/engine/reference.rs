//! The independent engine: an interpreter.

use test_support::Outcome;
use wamr_host::{Val, ValType};
use wasmi::{
    AsContext, AsContextMut, Config, Engine, Error, Extern, ExternRef, ExternType, Linker, Module,
    Ref, Store, TrapCode,
};

use super::{Host, Instance, State, Trap, host_results};
use crate::case::{Call, Case};

pub struct Reference {
    engine: Engine,
    module: Module,
    host: Host,
}

pub struct ReferenceInstance {
    store: Store<()>,
    instance: wasmi::Instance,
}

impl Reference {
    pub fn new(case: &Case, host: Host) -> Outcome<Self> {
        let mut config = Config::default();
        config
            .wasm_relaxed_simd(true)
            .wasm_wide_arithmetic(true)
            .wasm_multi_memory(true)
            .wasm_memory64(true)
            .wasm_custom_page_sizes(true)
            .set_max_recursion_depth(200_000)
            .set_max_stack_height(256 << 20);
        let engine = Engine::new(&config);
        let wasm = case.without_atomics.as_ref().unwrap_or(&case.wasm);
        let module = Module::new(&engine, wasm).map_err(|error| error.to_string())?;
        Ok(Reference {
            engine,
            module,
            host,
        })
    }

    pub fn instantiate(&self) -> Result<ReferenceInstance, Trap> {
        let mut store = Store::new(&self.engine, ());
        let mut linker = Linker::new(&self.engine);
        for import in self.module.imports() {
            if let ExternType::Func(ty) = import.ty() {
                let name = import.name().to_owned();
                let results: Vec<ValType> = ty.results().iter().map(|ty| ours(*ty)).collect();
                let host = self.host;
                linker
                    .func_new(
                        import.module(),
                        import.name(),
                        ty.clone(),
                        move |mut caller, args, out| {
                            if host == Host::Zero {
                                // The slots hold zeroes and null references.
                                return Ok(());
                            }
                            let args: Vec<Val> = args
                                .iter()
                                .map(|arg| from_reference(&caller, arg))
                                .collect();
                            let values = host_results(&name, &args, &results);
                            for (slot, value) in out.iter_mut().zip(values) {
                                *slot = to_reference(&mut caller, &value);
                            }
                            Ok(())
                        },
                    )
                    .map_err(|_| Trap::Refused)?;
            }
        }
        let instance = linker
            .instantiate_and_start(&mut store, &self.module)
            .map_err(|error| trap(&error))?;
        Ok(ReferenceInstance { store, instance })
    }
}

impl Instance for ReferenceInstance {
    fn call(&mut self, call: &Call) -> Result<Vec<Val>, Trap> {
        let function = self
            .instance
            .get_func(&self.store, &call.function)
            .ok_or(Trap::Refused)?;
        let args: Vec<wasmi::Val> = call
            .args
            .iter()
            .map(|arg| to_reference(&mut self.store, arg))
            .collect();
        let ty = function.ty(&self.store);
        let mut results: Vec<wasmi::Val> = ty
            .results()
            .iter()
            .map(|ty| wasmi::Val::default(*ty))
            .collect();
        function
            .call(&mut self.store, &args, &mut results)
            .map_err(|error| trap(&error))?;
        Ok(results
            .iter()
            .map(|result| from_reference(&self.store, result))
            .collect())
    }

    fn state(&mut self) -> State {
        let mut state = State::default();
        let mut memories = 0;
        for export in self.instance.exports(&self.store) {
            let name = export.name().to_owned();
            match export.into_extern() {
                Extern::Memory(memory) => {
                    memories += 1;
                    state.memory = memory.data(&self.store).to_vec();
                }
                Extern::Global(global) => {
                    let value = from_reference(&self.store, &global.get(&self.store));
                    state.globals.push((name, value));
                }
                Extern::Table(table) => {
                    let elements = (0..table.size(&self.store))
                        .map(|index| match table.get(&self.store, index) {
                            Some(wasmi::Val::FuncRef(element)) => !element.is_null(),
                            Some(wasmi::Val::ExternRef(element)) => !element.is_null(),
                            _ => false,
                        })
                        .collect();
                    state.tables.push((name, elements));
                }
                Extern::Func(_) => {}
            }
        }
        state.forget_several(memories);
        state.sort();
        state
    }
}

fn trap(error: &Error) -> Trap {
    match error.as_trap_code() {
        Some(TrapCode::UnreachableCodeReached) => Trap::Unreachable,
        Some(TrapCode::MemoryOutOfBounds) => Trap::Memory,
        Some(TrapCode::TableOutOfBounds) => Trap::Table,
        Some(TrapCode::IndirectCallToNull) => Trap::NullElement,
        Some(TrapCode::BadSignature) => Trap::Signature,
        Some(TrapCode::IntegerDivisionByZero) => Trap::DivideByZero,
        Some(TrapCode::IntegerOverflow) => Trap::Overflow,
        Some(TrapCode::BadConversionToInteger) => Trap::NotAnInteger,
        Some(TrapCode::StackOverflow) => Trap::Stack,
        _ => Trap::Refused,
    }
}

fn ours(ty: wasmi::ValType) -> ValType {
    match ty {
        wasmi::ValType::I32 => ValType::I32,
        wasmi::ValType::I64 => ValType::I64,
        wasmi::ValType::F32 => ValType::F32,
        wasmi::ValType::F64 => ValType::F64,
        wasmi::ValType::V128 => ValType::V128,
        wasmi::ValType::FuncRef => ValType::FuncRef,
        wasmi::ValType::ExternRef => ValType::ExternRef,
    }
}

fn to_reference(mut store: impl AsContextMut, value: &Val) -> wasmi::Val {
    match *value {
        Val::I32(value) => wasmi::Val::I32(value),
        Val::I64(value) => wasmi::Val::I64(value),
        Val::F32(bits) => wasmi::Val::F32(wasmi::F32::from_bits(bits)),
        Val::F64(bits) => wasmi::Val::F64(wasmi::F64::from_bits(bits)),
        Val::V128(bytes) => wasmi::Val::V128(u128::from_le_bytes(bytes).into()),
        // References to functions come from inside only.
        Val::FuncRef(_) => wasmi::Val::FuncRef(Ref::Null),
        Val::ExternRef(None) => wasmi::Val::ExternRef(Ref::Null),
        Val::ExternRef(Some(number)) => {
            wasmi::Val::ExternRef(Ref::Val(ExternRef::new(&mut store, number)))
        }
    }
}

fn from_reference(store: impl AsContext, value: &wasmi::Val) -> Val {
    match value {
        wasmi::Val::I32(value) => Val::I32(*value),
        wasmi::Val::I64(value) => Val::I64(*value),
        wasmi::Val::F32(value) => Val::F32(value.to_bits()),
        wasmi::Val::F64(value) => Val::F64(value.to_bits()),
        wasmi::Val::V128(value) => Val::V128(value.as_u128().to_le_bytes()),
        wasmi::Val::FuncRef(value) => Val::FuncRef((!value.is_null()).then_some(0)),
        wasmi::Val::ExternRef(Ref::Null) => Val::ExternRef(None),
        wasmi::Val::ExternRef(Ref::Val(value)) => Val::ExternRef(
            value
                .data(store.as_context())
                .downcast_ref::<u32>()
                .copied(),
        ),
    }
}
