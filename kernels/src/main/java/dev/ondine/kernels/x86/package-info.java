/** A typed x86-64 assembler. */
package dev.ondine.kernels.x86;
