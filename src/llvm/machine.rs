//! Describes LLVM's target machines in plain data and creates them; describes the host.

use std::ffi::CString;
use std::sync::Once;

use inkwell::llvm_sys::target_machine::{
    LLVMCodeGenOptLevel, LLVMCodeModel, LLVMCreateTargetMachineOptions,
    LLVMCreateTargetMachineWithOptions, LLVMDisposeTargetMachineOptions, LLVMRelocMode,
    LLVMTargetMachineOptionsSetABI, LLVMTargetMachineOptionsSetCPU,
    LLVMTargetMachineOptionsSetCodeGenOptLevel, LLVMTargetMachineOptionsSetCodeModel,
    LLVMTargetMachineOptionsSetFeatures, LLVMTargetMachineOptionsSetRelocMode,
};
use inkwell::targets::{InitializationConfig, Target as LlvmTarget, TargetMachine, TargetTriple};

use crate::options::OptLevel;

/// The parameters of an LLVM target machine.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MachineSpec {
    /// The target triple, normalised.
    pub triple: String,
    /// An LLVM processor name.
    pub cpu: String,
    /// `+feature,-feature`, beyond what the processor implies.
    pub features: String,
    /// LLVM's name of the ABI; empty if the triple implies it.
    pub abi: &'static str,
    pub relocation: Relocation,
    pub code_model: CodeModel,
}

/// How code addresses the rest of the text, wherever the text is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relocation {
    /// Position-independent code, as in shared libraries.
    PositionIndependent,
    /// Everything relative to the program counter: read-only position independence (ROPI) of the Arm ABI.
    ReadOnlyPositionIndependent,
    /// Through addresses in literals beside the code, which the linker makes relative.
    Static,
}

/// The largest distance between code and its references.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeModel {
    Tiny,
    Small,
    Medium,
}

/// LLVM cannot create or use a target machine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("LLVM cannot generate code for {triple}: {reason}")]
pub struct MachineError {
    pub triple: String,
    pub reason: String,
}

impl MachineSpec {
    /// Creates a new LLVM target machine; each thread creates its own.
    pub fn create(&self, level: OptLevel) -> Result<TargetMachine, MachineError> {
        initialize();
        let triple = TargetTriple::create(&self.triple);
        let target =
            LlvmTarget::from_triple(&triple).map_err(|reason| self.failed(reason.to_string()))?;
        let text = |text: &str| CString::new(text).map_err(|error| self.failed(error.to_string()));
        let [cpu, features, abi] = [text(&self.cpu)?, text(&self.features)?, text(self.abi)?];
        // SAFETY: LLVM copies the strings; the options are ours and given back. inkwell knows
        // neither the ABI nor the relocation model of Arm among them.
        unsafe {
            let options = LLVMCreateTargetMachineOptions();
            LLVMTargetMachineOptionsSetCPU(options, cpu.as_ptr());
            LLVMTargetMachineOptionsSetFeatures(options, features.as_ptr());
            LLVMTargetMachineOptionsSetABI(options, abi.as_ptr());
            LLVMTargetMachineOptionsSetCodeGenOptLevel(options, self.level(level));
            LLVMTargetMachineOptionsSetRelocMode(options, self.relocation.into());
            LLVMTargetMachineOptionsSetCodeModel(options, self.code_model.into());
            let machine = LLVMCreateTargetMachineWithOptions(
                target.as_mut_ptr(),
                triple.as_str().as_ptr(),
                options,
            );
            LLVMDisposeTargetMachineOptions(options);
            if machine.is_null() {
                return Err(self.failed("no target machine".to_owned()));
            }
            Ok(TargetMachine::new(machine))
        }
    }

    pub(super) fn failed(&self, reason: String) -> MachineError {
        MachineError {
            triple: self.triple.clone(),
            reason,
        }
    }

    fn level(&self, level: OptLevel) -> LLVMCodeGenOptLevel {
        match level {
            // What selects instructions without optimisation addresses some constants by pages,
            // whatever the code model.
            OptLevel::O0 if self.code_model == CodeModel::Tiny => {
                LLVMCodeGenOptLevel::LLVMCodeGenLevelLess
            }
            OptLevel::O0 => LLVMCodeGenOptLevel::LLVMCodeGenLevelNone,
            OptLevel::O1 => LLVMCodeGenOptLevel::LLVMCodeGenLevelLess,
            OptLevel::O2 | OptLevel::Os | OptLevel::Oz => {
                LLVMCodeGenOptLevel::LLVMCodeGenLevelDefault
            }
            OptLevel::O3 => LLVMCodeGenOptLevel::LLVMCodeGenLevelAggressive,
        }
    }
}

impl From<Relocation> for LLVMRelocMode {
    fn from(relocation: Relocation) -> LLVMRelocMode {
        match relocation {
            Relocation::PositionIndependent => LLVMRelocMode::LLVMRelocPIC,
            Relocation::ReadOnlyPositionIndependent => LLVMRelocMode::LLVMRelocROPI,
            Relocation::Static => LLVMRelocMode::LLVMRelocStatic,
        }
    }
}

impl From<CodeModel> for LLVMCodeModel {
    fn from(model: CodeModel) -> LLVMCodeModel {
        match model {
            CodeModel::Tiny => LLVMCodeModel::LLVMCodeModelTiny,
            CodeModel::Small => LLVMCodeModel::LLVMCodeModelSmall,
            CodeModel::Medium => LLVMCodeModel::LLVMCodeModelMedium,
        }
    }
}

/// Registers LLVM's code generators, once per process: LLVM's registry is not thread-safe.
fn initialize() {
    // Declared in LLVM's `llvm-c/Target.h`; neither inkwell nor llvm-sys has them.
    unsafe extern "C" {
        fn LLVMInitializeXtensaTargetInfo();
        fn LLVMInitializeXtensaTarget();
        fn LLVMInitializeXtensaTargetMC();
        fn LLVMInitializeXtensaAsmPrinter();
        fn LLVMInitializeXtensaAsmParser();
    }
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let config = InitializationConfig::default();
        LlvmTarget::initialize_x86(&config);
        LlvmTarget::initialize_aarch64(&config);
        LlvmTarget::initialize_arm(&config);
        LlvmTarget::initialize_riscv(&config);
        LlvmTarget::initialize_mips(&config);
        // SAFETY: they only add to the registry, which nobody else uses now.
        unsafe {
            LLVMInitializeXtensaTargetInfo();
            LLVMInitializeXtensaTarget();
            LLVMInitializeXtensaTargetMC();
            LLVMInitializeXtensaAsmPrinter();
            LLVMInitializeXtensaAsmParser();
        }
    });
}

/// Returns the host's processor and its actual features (`+feature,-feature`), in LLVM's names. A virtual
/// machine often hides features that the processor's name implies. The features come in the order of a hash
/// table.
pub fn host_cpu() -> (String, String) {
    (
        TargetMachine::get_host_cpu_name().to_string(),
        TargetMachine::get_host_cpu_features().to_string(),
    )
}
