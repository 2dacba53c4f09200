//! Where targets meet LLVM and the machine that compiles.

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

use super::arch::{CodeModel, Relocation};
use super::processors::Processors;
use super::{Error, Target};
use crate::options::OptLevel;

impl Target {
    /// A new LLVM target machine. Every thread makes its own.
    pub fn machine(&self, opt_level: OptLevel) -> Result<TargetMachine, Error> {
        initialize();
        let failed = |reason: String| Error::Llvm {
            triple: self.triple().to_owned(),
            reason,
        };
        let triple = TargetTriple::create(self.triple());
        let target =
            LlvmTarget::from_triple(&triple).map_err(|reason| failed(reason.to_string()))?;
        let text = |text: &str| CString::new(text).map_err(|error| failed(error.to_string()));
        let [cpu, features, abi] = [
            text(self.cpu())?,
            text(self.features())?,
            text(self.abi.llvm_name)?,
        ];
        // SAFETY: LLVM copies the strings; the options are ours and given back. inkwell knows
        // neither the ABI nor the relocation model of Arm among them.
        unsafe {
            let options = LLVMCreateTargetMachineOptions();
            LLVMTargetMachineOptionsSetCPU(options, cpu.as_ptr());
            LLVMTargetMachineOptionsSetFeatures(options, features.as_ptr());
            LLVMTargetMachineOptionsSetABI(options, abi.as_ptr());
            LLVMTargetMachineOptionsSetCodeGenOptLevel(options, self.level(opt_level));
            LLVMTargetMachineOptionsSetRelocMode(options, self.support.relocation.into());
            LLVMTargetMachineOptionsSetCodeModel(options, self.support.code_model.into());
            let machine = LLVMCreateTargetMachineWithOptions(
                target.as_mut_ptr(),
                triple.as_str().as_ptr(),
                options,
            );
            LLVMDisposeTargetMachineOptions(options);
            if machine.is_null() {
                return Err(failed("no target machine".to_owned()));
            }
            Ok(TargetMachine::new(machine))
        }
    }

    fn level(&self, opt_level: OptLevel) -> LLVMCodeGenOptLevel {
        match opt_level {
            // What selects instructions without optimisation addresses some constants by pages,
            // whatever the code model.
            OptLevel::O0 if self.support.code_model == CodeModel::Tiny => {
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

/// Registers LLVM's code generators, once per process: its registry is not guarded.
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

/// The processor of this machine and what it really can do: a virtual machine often hides
/// features that its processor's name implies. `None`: a processor that is not in the table.
pub(super) fn host_cpu(known: &Processors) -> Option<(String, String)> {
    let name = TargetMachine::get_host_cpu_name().to_string();
    if !known.cpus.contains(&name.as_str()) {
        return None;
    }
    let features = TargetMachine::get_host_cpu_features().to_string();
    let mut features: Vec<&str> = features
        .split(',')
        .filter(|item| {
            known
                .features
                .contains(&item.trim_start_matches(['+', '-']))
        })
        .collect();
    // LLVM lists them in the order of a hash table.
    features.sort_unstable_by_key(|item| item.trim_start_matches(['+', '-']));
    Some((name, features.join(",")))
}
