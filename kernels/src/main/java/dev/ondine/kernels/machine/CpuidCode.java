package dev.ondine.kernels.machine;

import static dev.ondine.kernels.x86.Gpr.*;

import dev.ondine.kernels.x86.Assembler;
import dev.ondine.kernels.x86.Mem;

/**
 * Generates the three pieces of code that ask the processor and the system what they offer. The argument block holds the question
 * and then the answer.
 */
final class CpuidCode {

    private CpuidCode() {
    }

    /** Four ints: eax and ecx in the first and third; then eax, ebx, ecx, edx. */
    static byte[] cpuid() {
        Assembler asm = new Assembler();
        asm.push(RBX);
        asm.mov32(RAX, Mem.at(RDI));
        asm.mov32(RCX, Mem.at(RDI, 8));
        asm.cpuid();
        asm.mov32(Mem.at(RDI), RAX);
        asm.mov32(Mem.at(RDI, 4), RBX);
        asm.mov32(Mem.at(RDI, 8), RCX);
        asm.mov32(Mem.at(RDI, 12), RDX);
        asm.pop(RBX);
        asm.ret();
        return asm.toBytes();
    }

    /** One long: XCR0. */
    static byte[] xgetbv() {
        Assembler asm = new Assembler();
        asm.mov(RCX, 0);
        asm.xgetbv();
        asm.mov32(Mem.at(RDI), RAX);
        asm.mov32(Mem.at(RDI, 4), RDX);
        asm.ret();
        return asm.toBytes();
    }

    /** Three longs: the number of a system call of Linux and two arguments; then the result in the first. */
    static byte[] systemCall() {
        Assembler asm = new Assembler();
        // The kernel keeps all registers but rax, rcx and r11.
        asm.mov(R8, RDI);
        asm.mov(RAX, Mem.at(R8));
        asm.mov(RDI, Mem.at(R8, 8));
        asm.mov(RSI, Mem.at(R8, 16));
        asm.syscall();
        asm.mov(Mem.at(R8), RAX);
        asm.ret();
        return asm.toBytes();
    }
}
