package dev.ondine.kernels;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.S2I;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The machine's vectors, and loads and stores at absolute addresses.
 *
 * <p>Nothing here checks an address: {@link dev.ondine.tensor.OperandChecks} has checked whole operands before a loop starts.
 * Every vector is as wide as the machine's widest, a constant of the JVM, so that the compiler sees one instruction per call.
 * C2 stops inlining after some forty vector operations in one compiled method, and what it does not inline puts every vector
 * into an object; so each loop has far fewer.
 */
final class Lanes {

    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    /** Numbers in one vector: 4, 8 or 16. */
    static final int COUNT = FLOATS.length();
    /** Bytes of one vector. */
    static final int BYTES = COUNT * Float.BYTES;
    /** 0, 1, 2, … */
    static final IntVector INDEX = IntVector.zero(INTS).addIndex(1);

    private static final VectorSpecies<Byte> NARROW_BYTES = COUNT == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;
    private static final VectorSpecies<Short> NARROW_SHORTS =
            COUNT == 16 ? ShortVector.SPECIES_256 : COUNT == 8 ? ShortVector.SPECIES_128 : ShortVector.SPECIES_64;
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE);

    private Lanes() {
    }

    static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(FLOATS, MEMORY, address, LITTLE);
    }

    static void store(FloatVector vector, long address) {
        vector.intoMemorySegment(MEMORY, address, LITTLE);
    }

    /** Stores d · q + m. */
    static void storeScaled(IntVector q, float d, float m, long address) {
        store(floats(q).fma(FloatVector.broadcast(FLOATS, d), FloatVector.broadcast(FLOATS, m)), address);
    }

    /** The float at the address, in every lane. */
    static FloatVector spread(long address) {
        return FloatVector.broadcast(FLOATS, float32(address));
    }

    /** The half-precision number at the address, in every lane. */
    static FloatVector spreadHalf(long address) {
        return FloatVector.broadcast(FLOATS, float16(address));
    }

    /** Bytes {@code [index, index + COUNT)} from the address, as numbers from 0 to 255. */
    static IntVector unsignedBytes(long address, int index) {
        if (COUNT == 4) {
            return IntVector.broadcast(INTS, int32(address + index)).lanewise(LSHR, INDEX.lanewise(LSHL, 3)).and(255);
        }
        return (IntVector) ByteVector.fromMemorySegment(NARROW_BYTES, MEMORY, address + index, LITTLE)
                .convertShape(ZERO_EXTEND_B2I, INTS, 0);
    }

    /** Bytes {@code [index, index + COUNT)} from the address, as numbers from -128 to 127. */
    static FloatVector signedBytes(long address, int index) {
        if (COUNT == 4) {
            IntVector high = IntVector.broadcast(INTS, int32(address + index)).lanewise(LSHL, INDEX.lanewise(LSHL, 3).neg().add(24));
            return floats(high.lanewise(ASHR, 24));
        }
        return (FloatVector) ByteVector.fromMemorySegment(NARROW_BYTES, MEMORY, address + index, LITTLE)
                .convertShape(B2F, FLOATS, 0);
    }

    /** COUNT 16-bit numbers, sign-extended. */
    static IntVector shorts(long address) {
        return (IntVector) ShortVector.fromMemorySegment(NARROW_SHORTS, MEMORY, address, LITTLE).convertShape(S2I, INTS, 0);
    }

    static FloatVector floats(IntVector ints) {
        return (FloatVector) ints.convertShape(I2F, FLOATS, 0);
    }

    static float float32(long address) {
        return MEMORY.get(FLOAT, address);
    }

    static void float32(long address, float value) {
        MEMORY.set(FLOAT, address, value);
    }

    static float float16(long address) {
        return Float.float16ToFloat(MEMORY.get(SHORT, address));
    }

    static void float16(long address, float value) {
        MEMORY.set(SHORT, address, Float.floatToFloat16(value));
    }

    static int int32(long address) {
        return MEMORY.get(INT, address);
    }

    static void int64(long address, long value) {
        MEMORY.set(LONG, address, value);
    }

    /** Copies floats; for the few that are no whole vector. */
    static void copy(long source, long target, int count) {
        for (int i = 0; i < count; i++) {
            float32(target + 4L * i, float32(source + 4L * i));
        }
    }
}
