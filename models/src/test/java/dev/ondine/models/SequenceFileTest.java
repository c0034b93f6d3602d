package dev.ondine.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.tensor.NumberFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sequence as a file: exact, and nothing but a whole file of this model's is read. */
class SequenceFileTest {

    private static final KvLayout MIXED = KvLayout.of(2, 32, NumberFormat.F16, 40, 0, 40);
    private static final long ROOM = 1 << 22;

    private static SequenceState filled(KvBlockPool pool, int length, long seed) {
        SequenceState sequence = pool.newSequence();
        for (int i = 0; i < length; i++) {
            sequence.append();
            sequence.releasePassed();
        }
        Random random = new Random(seed);
        for (MemorySegment block : KvBlockPoolTest.blocks(sequence)) {
            byte[] bytes = new byte[(int) block.byteSize()];
            random.nextBytes(bytes);
            block.copyFrom(MemorySegment.ofArray(bytes));
        }
        return sequence;
    }

    private static byte[] written(KvBlockPool pool, int length) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (SequenceState sequence = filled(pool, length, 3)) {
            assertThat(sequence.write(Channels.newChannel(out))).isEqualTo(out.size());
        }
        return out.toByteArray();
    }

    private static SequenceState read(KvBlockPool pool, byte[] bytes) throws IOException {
        return pool.read(Channels.newChannel(new ByteArrayInputStream(bytes)));
    }

    private static List<byte[]> contents(SequenceState sequence) {
        return KvBlockPoolTest.blocks(sequence).stream().map(block -> block.toArray(ValueLayout.JAVA_BYTE)).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 32, 33, 100, 1_000})
    void comesBackAsItWas(int length) throws IOException {
        try (KvBlockPool pool = new KvBlockPool(MIXED, ROOM);
             KvBlockPool other = new KvBlockPool(MIXED, ROOM);
             SequenceState sequence = filled(pool, length, 1)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            sequence.write(Channels.newChannel(out));
            try (SequenceState restored = read(other, out.toByteArray())) {
                assertThat(restored.length()).isEqualTo(length);
                assertThat(contents(restored)).containsExactlyElementsOf(contents(sequence));
                assertThat(restored.heldBytes()).isEqualTo(sequence.heldBytes()).isEqualTo(other.usedBytes());
                for (int to = 0; to <= length; to++) {
                    assertThat(restored.canTruncate(to)).isEqualTo(sequence.canTruncate(to));
                }
                restored.append();
            }
            assertThat(other.usedBytes()).isZero();
        }
    }

    @Test
    void goesThroughAFileAndReadsNoFurtherThanItsEnd(@TempDir Path folder) throws IOException {
        try (KvBlockPool pool = new KvBlockPool(MIXED, ROOM);
             SequenceState first = filled(pool, 300, 1);
             SequenceState second = filled(pool, 50, 2);
             FileChannel file = FileChannel.open(folder.resolve("two"), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                     StandardOpenOption.WRITE)) {
            assertThat(first.write(file) + second.write(file)).isEqualTo(file.size());
            file.position(0);
            try (SequenceState one = pool.read(file); SequenceState two = pool.read(file)) {
                assertThat(contents(one)).containsExactlyElementsOf(contents(first));
                assertThat(contents(two)).containsExactlyElementsOf(contents(second));
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskHarmsNothing() throws IOException {
        try (KvBlockPool pool = new KvBlockPool(MIXED, ROOM); SequenceState sequence = filled(pool, 300, 1);
             FileChannel full = FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
            List<byte[]> before = contents(sequence);
            assertThatThrownBy(() -> sequence.write(full)).isInstanceOf(IOException.class);
            assertThat(contents(sequence)).containsExactlyElementsOf(before);
        }
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        KvLayout small = KvLayout.of(1, 2, NumberFormat.F16, 40, 0);
        try (KvBlockPool pool = new KvBlockPool(small, ROOM)) {
            byte[] bytes = written(pool, 70);
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> read(pool, cut)).isInstanceOf(IOException.class).hasMessageContaining("too early");
                assertThat(pool.usedBytes()).isZero();
            }
        }
    }

    @Test
    void everyDamagedByteIsSeen() throws IOException {
        KvLayout small = KvLayout.of(1, 2, NumberFormat.F16, 40, 0);
        try (KvBlockPool pool = new KvBlockPool(small, ROOM)) {
            byte[] bytes = written(pool, 70);
            for (int at = 0; at < bytes.length; at++) {
                byte[] damaged = bytes.clone();
                damaged[at] ^= 4;
                assertThatThrownBy(() -> read(pool, damaged)).as("byte %d", at)
                        .isInstanceOfAny(IOException.class, CapacityException.class);
                assertThat(pool.usedBytes()).isZero();
            }
        }
    }

    @Test
    void anotherModelsSequenceIsRefused() throws IOException {
        try (KvBlockPool pool = new KvBlockPool(MIXED, ROOM);
             KvBlockPool otherWindow = new KvBlockPool(KvLayout.of(2, 32, NumberFormat.F16, 41, 0, 41), ROOM);
             KvBlockPool otherSeal = new KvBlockPool(MIXED, ROOM, "other kernels", Arena::allocate)) {
            byte[] bytes = written(pool, 70);
            for (KvBlockPool other : List.of(otherWindow, otherSeal)) {
                assertThatThrownBy(() -> read(other, bytes)).isInstanceOf(IOException.class)
                        .hasMessageContaining("not a saved sequence of this model");
            }
            assertThatThrownBy(() -> read(pool, "something else, but long enough to be a header".getBytes()))
                    .isInstanceOf(IOException.class).hasMessageContaining("the form of the file");
        }
    }

    @Test
    void absurdHeadersReserveNothing() throws IOException {
        try (KvBlockPool pool = new KvBlockPool(MIXED, ROOM)) {
            byte[] bytes = written(pool, 70);
            for (int length : new int[] {-1, Integer.MIN_VALUE}) {
                assertThatThrownBy(() -> read(pool, withInt(bytes, 16, length))).isInstanceOf(IOException.class);
            }
            assertThatThrownBy(() -> read(pool, withInt(bytes, 16, Integer.MAX_VALUE))).isInstanceOf(CapacityException.class);
            for (int first : new int[] {-1, 3, Integer.MAX_VALUE}) {
                assertThatThrownBy(() -> read(pool, withInt(bytes, 20, first))).isInstanceOf(IOException.class)
                        .hasMessageContaining("begins with block " + first);
            }
            assertThat(pool.allocatedBytes()).isLessThan(ROOM);
            assertThat(pool.usedBytes()).isZero();
        }
    }

    @Test
    void aFullPoolRefusesAndHoldsNothing() throws IOException {
        try (KvBlockPool pool = new KvBlockPool(MIXED, ROOM)) {
            byte[] bytes = written(pool, 70);
            pool.setCapacityBytes(pool.bytesFor(70) - 1);
            assertThatThrownBy(() -> read(pool, bytes)).isInstanceOf(CapacityException.class);
            assertThat(pool.usedBytes()).isZero();
        }
    }

    private static byte[] withInt(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        return changed;
    }
}
