package dev.ondine.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.tensor.NumberFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Memory comes from the system in slabs, goes back, and holds what was written wherever it is moved. */
class KvBlockPoolTest {

    private static final KvLayout FULL = KvLayout.of(1, 32, NumberFormat.F16, 0, 0);
    private static final KvLayout MIXED = KvLayout.of(1, 32, NumberFormat.F16, 40, 0, 40);
    private static final long BLOCK = FULL.groups().getFirst().blockBytes();

    /** Counts the memory that is out. */
    private static final class CountedMemory {

        private long bytes;

        KvBlockPool pool(KvLayout layout, long capacityBytes) {
            return new KvBlockPool(layout, capacityBytes, "", (arena, size, alignment) -> {
                bytes += size;
                return arena.allocate(size, alignment).reinterpret(arena, _ -> bytes -= size);
            });
        }
    }

    private static SequenceState grown(KvBlockPool pool, int length) {
        SequenceState sequence = pool.newSequence();
        for (int i = 0; i < length; i++) {
            sequence.append();
            sequence.releasePassed();
        }
        return sequence;
    }

    @Test
    void whatIsFreeGoesBackToTheSystem() {
        CountedMemory memory = new CountedMemory();
        try (KvBlockPool pool = memory.pool(FULL, 64 * BLOCK)) {
            List<SequenceState> sequences = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                sequences.add(grown(pool, 32));
            }
            assertThat(memory.bytes).isEqualTo(pool.allocatedBytes()).isEqualTo(64 * BLOCK);
            sequences.forEach(SequenceState::close);
            assertThat(pool.usedBytes()).isZero();
            assertThat(pool.allocatedBytes()).isEqualTo(64 * BLOCK);
            pool.trim();
            assertThat(memory.bytes).isEqualTo(pool.allocatedBytes()).isZero();
            grown(pool, 33).close();
            assertThat(pool.allocatedBytes()).isPositive();
        }
        assertThat(memory.bytes).isZero();
    }

    @Test
    void scatteredBlocksMoveTogether() {
        CountedMemory memory = new CountedMemory();
        try (KvBlockPool pool = memory.pool(FULL, 64 * BLOCK)) {
            List<SequenceState> kept = new ArrayList<>();
            List<SequenceState> gone = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                SequenceState sequence = grown(pool, 32);
                sequence.pages(0).block(0).fill((byte) i);
                (i % 8 == 0 ? kept : gone).add(sequence);
            }
            gone.forEach(SequenceState::close);
            pool.trim();
            assertThat(memory.bytes).isEqualTo(pool.allocatedBytes()).isEqualTo(pool.usedBytes()).isEqualTo(8 * BLOCK);
            for (int i = 0; i < kept.size(); i++) {
                assertThat(kept.get(i).pages(0).block(0).toArray(ValueLayout.JAVA_BYTE)).containsOnly(8 * i);
            }
            kept.forEach(SequenceState::close);
        }
    }

    @Test
    void capacityChangesWhileSequencesLive() {
        try (KvBlockPool pool = new KvBlockPool(FULL, 4 * BLOCK); SequenceState sequence = grown(pool, 128)) {
            assertThatThrownBy(sequence::append).isInstanceOf(CapacityException.class);
            pool.setCapacityBytes(5 * BLOCK);
            sequence.append();
            pool.setCapacityBytes(2 * BLOCK);
            sequence.truncate(120);
            sequence.append();
            sequence.truncate(64);
            assertThatThrownBy(sequence::append).isInstanceOf(CapacityException.class)
                    .hasMessageContaining("%d of %d bytes are in use".formatted(2 * BLOCK, 2 * BLOCK));
            assertThat(pool.capacityBytes()).isEqualTo(2 * BLOCK);
            assertThatThrownBy(() -> pool.setCapacityBytes(-1)).hasMessage("the KV cache gets -1 bytes, expected 0 or more");
        }
    }

    @Test
    void aRefusedPositionLeavesNoBlockBehind() {
        long windowed = MIXED.groups().get(0).blockBytes();
        try (KvBlockPool pool = new KvBlockPool(MIXED, windowed + 100); SequenceState sequence = pool.newSequence()) {
            assertThatThrownBy(sequence::append).isInstanceOf(CapacityException.class);
            assertThat(pool.usedBytes()).isZero();
            assertThat(sequence.heldBytes()).isZero();
        }
    }

    @Test
    void aSystemWithoutMemoryIsARefusalToo() {
        try (KvBlockPool pool = new KvBlockPool(FULL, 4 * BLOCK, "", (_, _, _) -> {
            throw new OutOfMemoryError("none left");
        }); SequenceState sequence = pool.newSequence()) {
            assertThatThrownBy(sequence::append).isInstanceOf(CapacityException.class).hasMessageContaining("none left");
            assertThat(sequence.length()).isZero();
        }
    }

    @Test
    void aGroupTakesWhatAnotherGaveBack() {
        long capacity = MIXED.bytesFor(2_000, 1);
        try (KvBlockPool pool = new KvBlockPool(MIXED, capacity)) {
            List<SequenceState> shorts = new ArrayList<>();
            while (pool.usedBytes() + MIXED.bytesFor(32, 1) <= capacity) {
                shorts.add(grown(pool, 32));
            }
            shorts.forEach(SequenceState::close);
            try (SequenceState longer = grown(pool, 2_000)) {
                long slabs = MIXED.groups().stream().mapToLong(_ -> 2 * capacity / 16).sum();
                assertThat(pool.allocatedBytes()).isLessThan(capacity + slabs);
                assertThat(longer.heldBytes()).isEqualTo(pool.usedBytes()).isLessThanOrEqualTo(pool.bytesFor(2_000));
            }
        }
    }

    @Test
    void countsWhatIsHeldSharedAndStillNeeded() {
        try (KvBlockPool pool = new KvBlockPool(FULL, 1 << 20); SequenceState sequence = grown(pool, 40);
             SequenceState fork = sequence.fork()) {
            assertThat(fork.heldBytes()).isEqualTo(2 * BLOCK);
            assertThat(fork.ownBytes()).isZero();
            assertThat(fork.bytesToGrow(0)).isZero();
            assertThat(fork.bytesToGrow(1)).isEqualTo(BLOCK);
            assertThat(fork.bytesToGrow(25)).isEqualTo(2 * BLOCK);
            long before = pool.usedBytes();
            fork.append();
            assertThat(pool.usedBytes()).isEqualTo(before + BLOCK);
            assertThat(fork.ownBytes()).isEqualTo(BLOCK);
            assertThat(fork.bytesToGrow(23)).isZero();
            assertThat(fork.bytesToGrow(24)).isEqualTo(BLOCK);
        }
    }

    /** Sequences grow, fork, shrink and close while the pool trims; every block keeps its sequence's mark. */
    @Test
    void nothingLeaksOrMixesWhateverHappens() {
        CountedMemory memory = new CountedMemory();
        Random random = new Random(5);
        try (KvBlockPool pool = memory.pool(MIXED, 60 * MIXED.bytesFor(32, 1))) {
            List<SequenceState> alive = new ArrayList<>();
            List<Long> marks = new ArrayList<>();
            for (int step = 0; step < 4_000; step++) {
                switch (random.nextInt(6)) {
                    case 0 -> pool.trim();
                    case 1, 2 -> closeOne(alive, marks, random);
                    default -> openOne(pool, alive, marks, random);
                }
                assertThat(memory.bytes).isEqualTo(pool.allocatedBytes());
                assertThat(pool.usedBytes()).isLessThanOrEqualTo(pool.capacityBytes());
            }
            for (int i = 0; i < alive.size(); i++) {
                assertMarked(alive.get(i), marks.get(i));
                alive.get(i).close();
            }
            assertThat(pool.usedBytes()).isZero();
            pool.trim();
            assertThat(memory.bytes).isZero();
        }
    }

    private static void closeOne(List<SequenceState> alive, List<Long> marks, Random random) {
        if (!alive.isEmpty()) {
            int chosen = random.nextInt(alive.size());
            assertMarked(alive.get(chosen), marks.remove(chosen));
            alive.remove(chosen).close();
        }
    }

    private static void openOne(KvBlockPool pool, List<SequenceState> alive, List<Long> marks, Random random) {
        SequenceState sequence = pool.newSequence();
        long mark = random.nextLong();
        try {
            for (int length = random.nextInt(200); length > 0; length--) {
                sequence.append();
                sequence.releasePassed();
            }
        } catch (CapacityException full) {
            assertThat(sequence.bytesToGrow(1)).isGreaterThan(pool.capacityBytes() - pool.usedBytes());
        }
        blocks(sequence).forEach(block -> block.set(ValueLayout.JAVA_LONG, 0, mark));
        alive.add(sequence);
        marks.add(mark);
        if (random.nextBoolean()) {
            alive.add(sequence.fork());
            marks.add(mark);
        }
    }

    private static void assertMarked(SequenceState sequence, long mark) {
        assertThat(blocks(sequence)).allMatch(block -> block.get(ValueLayout.JAVA_LONG, 0) == mark);
    }

    static List<MemorySegment> blocks(SequenceState sequence) {
        List<MemorySegment> blocks = new ArrayList<>();
        for (int group = 0; group < sequence.pool().layout().groups().size(); group++) {
            for (int index = sequence.table(group).first(); index < sequence.table(group).end(); index++) {
                blocks.add(sequence.pages(group).block(index));
            }
        }
        return blocks;
    }
}
