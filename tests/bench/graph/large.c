/* large.c - a static program of 30 MB: LLVM with a target, by way of its C interface. */
#include <llvm-c/Core.h>
#include <llvm-c/Target.h>
#include <llvm-c/Transforms/PassManagerBuilder.h>

int main(int argc, char **argv)
{
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeX86AsmParser();
    LLVMPassManagerBuilderPopulateModulePassManager(LLVMPassManagerBuilderCreate(), LLVMCreatePassManager());
    return LLVMPrintModuleToString(LLVMModuleCreateWithName(argv[argc - 1]))[0] == '\0';
}
