package dev.ondine.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Decodes one number at a time by the formulas of the format, the slow twin of the codecs. */
final class SlowDecoder {

    private static final int[] NON_LINEAR = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

    private final ByteBuffer blocks;

    SlowDecoder(byte[] blocks) {
        this.blocks = ByteBuffer.wrap(blocks).order(ByteOrder.LITTLE_ENDIAN);
    }

    float decode(NumberFormat format, int index) {
        int block = index / format.blockElements() * format.blockBytes();
        int i = index % format.blockElements();
        return switch (format) {
            case F32 -> blocks.getFloat(block);
            case F16 -> half(block);
            case BF16 -> Float.intBitsToFloat(blocks.getShort(block) << 16);
            case Q4_0 -> half(block) * (nibble(block + 2, i) - 8);
            case Q4_1 -> half(block) * nibble(block + 4, i) + half(block + 2);
            case Q5_0 -> half(block) * (nibble(block + 6, i) + 16 * bit(block + 2, i) - 16);
            case Q5_1 -> half(block) * (nibble(block + 8, i) + 16 * bit(block + 4, i)) + half(block + 2);
            case Q8_0 -> half(block) * blocks.get(block + 2 + i);
            case Q4_K -> scale(block, i) * groupNibble(block + 16, i) - minimum(block, i);
            case Q5_K -> scale(block, i) * (groupNibble(block + 48, i) + 16 * bit(block + 16 + i % 32, i / 32)) - minimum(block, i);
            case IQ4_NL -> half(block) * NON_LINEAR[nibble(block + 2, i)];
            case MXFP4 -> (float) (Math.pow(2, unsigned(block) - 127) * smallFloat(nibble(block + 1, i)));
            case Q6_K -> half(block + 208) * blocks.get(block + 192 + i / 16) * (sixBits(block, i) - 32);
            default -> throw new IllegalArgumentException(format.name());
        };
    }

    private float half(int at) {
        return Float.float16ToFloat(blocks.getShort(at));
    }

    private int unsigned(int at) {
        return blocks.get(at) & 0xFF;
    }

    /** Bit {@code i} of the bits that start at a byte. */
    private int bit(int at, int i) {
        return unsigned(at + i / 8) >> i % 8 & 1;
    }

    /** Sign, two bits of exponent with bias 1, one bit of mantissa; no leading one where the exponent is 0, and no negative zero in ggml. */
    private static double smallFloat(int bits) {
        int exponent = bits >> 1 & 3;
        double magnitude = exponent == 0 ? 0.5 * (bits & 1) : Math.pow(2, exponent - 1) * (1 + 0.5 * (bits & 1));
        return bits <= 8 ? magnitude : -magnitude;
    }

    private int nibble(int at, int i) {
        return i < 16 ? unsigned(at + i) & 15 : unsigned(at + i - 16) >> 4;
    }

    /** Numbers 64 p + k and 64 p + 32 + k, k below 32, are the two nibbles of byte 32 p + k. */
    private int groupNibble(int at, int i) {
        int packed = unsigned(at + i / 64 * 32 + i % 32);
        return i % 64 < 32 ? packed & 15 : packed >> 4;
    }

    private float scale(int block, int i) {
        int group = i / 32;
        int packed = block + 4;
        int bits = group < 4
                ? unsigned(packed + group) & 63
                : unsigned(packed + group + 4) & 15 | unsigned(packed + group - 4) >> 6 << 4;
        return half(block) * bits;
    }

    private float minimum(int block, int i) {
        int group = i / 32;
        int packed = block + 4;
        int bits = group < 4
                ? unsigned(packed + group + 4) & 63
                : unsigned(packed + group + 4) >> 4 | unsigned(packed + group) >> 6 << 4;
        return half(block + 2) * bits;
    }

    /** Half h of a block, quarter q of 32 numbers in it. */
    private int sixBits(int block, int i) {
        int h = i / 128;
        int q = i % 128 / 32;
        int k = i % 32;
        int lower = unsigned(block + 64 * h + 32 * (q % 2) + k);
        int upper = unsigned(block + 128 + 32 * h + k);
        return (q < 2 ? lower & 15 : lower >> 4) | (upper >> 2 * q & 3) << 4;
    }
}
