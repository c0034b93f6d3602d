package dev.ondine.kernels.x86;

/**
 * One instruction twice: as text and as our bytes.
 *
 * @param method of the assembler, with its parameter types
 * @param text   in Intel's syntax as GNU's assembler reads it, such that only one encoding answers to it
 */
record Instruction(String method, String text, byte[] bytes) {
}
