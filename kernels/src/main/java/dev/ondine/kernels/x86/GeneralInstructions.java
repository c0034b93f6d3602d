package dev.ondine.kernels.x86;

/** Instructions on general registers. Operand order is Intel's: destination first. */
class GeneralInstructions extends CodeBytes {

    public void mov(Gpr target, Gpr source) {
        registers(0x89, source, target);
    }

    public void mov(Gpr target, Mem source) {
        memory(true, target, source, 0x8B);
    }

    public void mov(Mem target, Gpr source) {
        memory(true, source, target, 0x89);
    }

    /** The shortest form that sets all 64 bits. */
    public void mov(Gpr target, long value) {
        if (value == (int) value && value < 0) {
            rex(true, 0, 0, target.ordinal());
            put(0xC7);
            modRmRegister(0, target.ordinal());
            put32((int) value);
            return;
        }
        boolean wide = value >>> 32 != 0;
        rex(wide, 0, 0, target.ordinal());
        put(0xB8 | target.ordinal() & 7);
        put32((int) value);
        if (wide) {
            put32((int) (value >> 32));
        }
    }

    /** Loads 32 bits and clears the upper ones. */
    public void mov32(Gpr target, Mem source) {
        memory(false, target, source, 0x8B);
    }

    /** Stores the lower 32 bits. */
    public void mov32(Mem target, Gpr source) {
        memory(false, source, target, 0x89);
    }

    /** Loads 16 bits and clears the upper ones. */
    public void movzx16(Gpr target, Mem source) {
        memory(false, target, source, 0x0F, 0xB7);
    }

    /** Loads 8 bits and clears the upper ones. */
    public void movzx8(Gpr target, Mem source) {
        memory(false, target, source, 0x0F, 0xB6);
    }

    /** Stores the lower 16 bits. */
    public void mov16(Mem target, Gpr source) {
        put(0x66);
        memory(false, source, target, 0x89);
    }

    public void lea(Gpr target, Mem address) {
        memory(true, target, address, 0x8D);
    }

    public void add(Gpr target, Gpr source) {
        registers(0x01, source, target);
    }

    public void add(Gpr target, Mem source) {
        memory(true, target, source, 0x03);
    }

    public void add(Gpr target, int value) {
        immediate(0, target, value);
    }

    public void sub(Gpr target, Gpr source) {
        registers(0x29, source, target);
    }

    public void sub(Gpr target, Mem source) {
        memory(true, target, source, 0x2B);
    }

    public void sub(Gpr target, int value) {
        immediate(5, target, value);
    }

    public void and(Gpr target, Gpr source) {
        registers(0x21, source, target);
    }

    public void and(Gpr target, int value) {
        immediate(4, target, value);
    }

    public void or(Gpr target, Gpr source) {
        registers(0x09, source, target);
    }

    public void xor(Gpr target, Gpr source) {
        registers(0x31, source, target);
    }

    public void cmp(Gpr a, Gpr b) {
        registers(0x39, b, a);
    }

    public void cmp(Gpr a, Mem b) {
        memory(true, a, b, 0x3B);
    }

    public void cmp(Gpr a, int value) {
        immediate(7, a, value);
    }

    public void test(Gpr a, Gpr b) {
        registers(0x85, b, a);
    }

    public void imul(Gpr target, Gpr source) {
        rex(true, target.ordinal(), 0, source.ordinal());
        put(0x0F, 0xAF);
        modRmRegister(target.ordinal(), source.ordinal());
    }

    public void imul(Gpr target, Gpr source, int value) {
        boolean isShort = value == (byte) value;
        rex(true, target.ordinal(), 0, source.ordinal());
        put(isShort ? 0x6B : 0x69);
        modRmRegister(target.ordinal(), source.ordinal());
        immediate(value, isShort);
    }

    public void shl(Gpr target, int bits) {
        shift(4, target, bits);
    }

    public void shr(Gpr target, int bits) {
        shift(5, target, bits);
    }

    public void push(Gpr register) {
        rex(false, 0, 0, register.ordinal());
        put(0x50 | register.ordinal() & 7);
    }

    public void pop(Gpr register) {
        rex(false, 0, 0, register.ordinal());
        put(0x58 | register.ordinal() & 7);
    }

    public void jump(Label target) {
        put(0xE9);
        distanceTo(target);
    }

    public void jump(Condition condition, Label target) {
        put(0x0F, 0x80 | condition.code);
        distanceTo(target);
    }

    public void ret() {
        put(0xC3);
    }

    public void cpuid() {
        put(0x0F, 0xA2);
    }

    public void xgetbv() {
        put(0x0F, 0x01, 0xD0);
    }

    public void syscall() {
        put(0x0F, 0x05);
    }

    /** Into the first-level cache. */
    public void prefetcht0(Mem address) {
        prefetch(1, address);
    }

    /** Into the second-level cache. */
    public void prefetcht1(Mem address) {
        prefetch(2, address);
    }

    private void prefetch(int hint, Mem address) {
        rex(false, 0, indexOf(address), address.base().ordinal());
        put(0x0F, 0x18);
        modRmMemory(hint, address, 1);
    }

    private void registers(int opcode, Gpr reg, Gpr rm) {
        rex(true, reg.ordinal(), 0, rm.ordinal());
        put(opcode);
        modRmRegister(reg.ordinal(), rm.ordinal());
    }

    private void memory(boolean wide, Gpr reg, Mem mem, int... opcode) {
        rex(wide, reg.ordinal(), indexOf(mem), mem.base().ordinal());
        put(opcode);
        modRmMemory(reg.ordinal(), mem, 1);
    }

    /** The eight operations that share opcodes 81 and 83. */
    private void immediate(int operation, Gpr target, int value) {
        boolean isShort = value == (byte) value;
        rex(true, 0, 0, target.ordinal());
        if (!isShort && target == Gpr.RAX) {
            put(operation << 3 | 5);
        } else {
            put(isShort ? 0x83 : 0x81);
            modRmRegister(operation, target.ordinal());
        }
        immediate(value, isShort);
    }

    private void immediate(int value, boolean isShort) {
        if (isShort) {
            put(value);
        } else {
            put32(value);
        }
    }

    private void shift(int operation, Gpr target, int bits) {
        rex(true, 0, 0, target.ordinal());
        put(bits == 1 ? 0xD1 : 0xC1);
        modRmRegister(operation, target.ordinal());
        if (bits != 1) {
            put(bits);
        }
    }

    private void rex(boolean wide, int reg, int index, int base) {
        int bits = (wide ? 8 : 0) | (reg & 8) >> 1 | (index & 8) >> 2 | (base & 8) >> 3;
        if (bits != 0) {
            put(0x40 | bits);
        }
    }

    static int indexOf(Mem mem) {
        return mem.index() == null ? 0 : mem.index().ordinal();
    }
}
