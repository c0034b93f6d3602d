package dev.ondine.kernels.machine;
final class FloatMatmulCode { static int[] tileTokens(Isa isa){return new int[]{1};} static byte[] of(Isa isa, dev.ondine.tensor.NumberFormat f, int t){return new byte[]{(byte)0xC3};} }
