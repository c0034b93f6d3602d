package dev.ondine.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.tensor.NumberFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompressedKvTest {

    private static KvBlockPool pool(NumberFormat format) {
        return new KvBlockPool(KvLayout.of(2, 32, format, 40, 0), 1 << 24);
    }

    private static SequenceState filled(KvBlockPool pool, NumberFormat format, int length) {
        SequenceState sequence = pool.newSequence();
        for (int i = 0; i < length; i++) {
            sequence.append();
            sequence.releasePassed();
        }
        Random random = new Random(9);
        for (MemorySegment block : KvBlockPoolTest.blocks(sequence)) {
            float[] numbers = new float[(int) block.byteSize() / format.blockBytes()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (float) random.nextGaussian();
            }
            format.encode(numbers, 0, block, 0, numbers.length);
        }
        return sequence;
    }

    private static float[] decoded(NumberFormat format, MemorySegment block) {
        float[] numbers = new float[(int) block.byteSize() / format.blockBytes()];
        format.decode(block, 0, numbers, 0, numbers.length);
        return numbers;
    }

    @ParameterizedTest
    @CsvSource({"F16, 0.54", "F32, 0.28"})
    void comesBackRoundedToEightBits(NumberFormat format, double mostOfTheSize) {
        try (KvBlockPool pool = pool(format); SequenceState sequence = filled(pool, format, 1_000)) {
            long before = pool.usedBytes();
            try (CompressedKv compressed = CompressedKv.of(sequence)) {
                assertThat(compressed.length()).isEqualTo(1_000);
                assertThat(compressed.bytes()).isLessThan((long) (mostOfTheSize * sequence.heldBytes()) + 3 * 32 * 32 * 4 * 2);
                assertThat(pool.usedBytes()).isEqualTo(before);
                try (SequenceState restored = compressed.restore()) {
                    assertThat(restored.length()).isEqualTo(1_000);
                    assertThat(restored.heldBytes()).isEqualTo(sequence.heldBytes());
                    assertClose(format, KvBlockPoolTest.blocks(restored), KvBlockPoolTest.blocks(sequence));
                }
            }
            assertThat(pool.usedBytes()).isEqualTo(before);
        }
    }

    /** A Q8_0 step is a 127th of the largest of 32 numbers, here below 5; rounding takes half of one. */
    private static void assertClose(NumberFormat format, List<MemorySegment> found, List<MemorySegment> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            float[] numbers = decoded(format, found.get(i));
            float[] exact = decoded(format, expected.get(i));
            for (int k = 0; k < numbers.length; k++) {
                assertThat(numbers[k]).isCloseTo(exact[k], within(5f / 127 / 2 + 0.003f));
            }
        }
    }

    @Test
    void anUnfinishedBlockIsKeptExactly() {
        try (KvBlockPool pool = pool(NumberFormat.F16); SequenceState sequence = filled(pool, NumberFormat.F16, 70);
             CompressedKv compressed = CompressedKv.of(sequence); SequenceState restored = compressed.restore()) {
            for (int group = 0; group < 2; group++) {
                assertThat(restored.pages(group).block(2).toArray(ValueLayout.JAVA_BYTE))
                        .isEqualTo(sequence.pages(group).block(2).toArray(ValueLayout.JAVA_BYTE));
                assertThat(restored.pages(group).block(1).mismatch(sequence.pages(group).block(1))).isNotNegative();
            }
        }
    }

    @Test
    void aFullPoolRefusesToRestoreAndHoldsNothing() {
        try (KvBlockPool pool = pool(NumberFormat.F16)) {
            SequenceState sequence = filled(pool, NumberFormat.F16, 100);
            try (CompressedKv compressed = CompressedKv.of(sequence)) {
                sequence.close();
                pool.setCapacityBytes(pool.bytesFor(100) / 2);
                assertThatThrownBy(compressed::restore).isInstanceOf(CapacityException.class);
                assertThat(pool.usedBytes()).isZero();
            }
        }
    }

    @Test
    void aCacheOfEightBitsIsRefused() {
        try (KvBlockPool pool = pool(NumberFormat.Q8_0); SequenceState sequence = pool.newSequence()) {
            assertThat(CompressedKv.compresses(pool)).isFalse();
            assertThatThrownBy(() -> CompressedKv.of(sequence)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("compresses no further");
        }
    }
}
