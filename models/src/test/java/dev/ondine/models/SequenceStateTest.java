package dev.ondine.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.tensor.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SequenceStateTest {

    private static final KvLayout FULL = KvLayout.of(1, 4, NumberFormat.F16, 0, 0);
    private static final KvLayout MIXED = KvLayout.of(1, 4, NumberFormat.F16, 40, 0, 40);

    private static SequenceState grown(KvBlockPool pool, int length) {
        SequenceState sequence = pool.newSequence();
        grow(sequence, length);
        return sequence;
    }

    private static void grow(SequenceState sequence, int positions) {
        for (int i = 0; i < positions; i++) {
            sequence.append();
            sequence.releasePassed();
        }
    }

    @Test
    void layersWithTheSameWindowShareAGroup() {
        assertThat(MIXED.groups()).extracting(KvLayout.Group::window).containsExactly(40, 0);
        assertThat(MIXED.group(0)).isEqualTo(MIXED.group(2)).isNotEqualTo(MIXED.group(1));
        assertThat(MIXED.layer(2).keysOffsetBytes()).isEqualTo(2 * MIXED.layer(0).keyBytes());
        assertThat(MIXED.bytesFor(1, 1)).isEqualTo(3 * 2 * 32 * 4 * 2);
    }

    @Test
    void aWindowGivesBackWhatItHasPassed() {
        try (KvBlockPool pool = new KvBlockPool(MIXED, 1 << 20); SequenceState sequence = grown(pool, 1_000)) {
            long fullGroup = MIXED.groups().get(1).blockBytes() * 32;
            long windowedGroup = pool.usedBytes() - fullGroup;
            assertThat(windowedGroup).isLessThanOrEqualTo(MIXED.groups().get(0).blockBytes() * 5);
            assertThat(pool.usedBytes()).isLessThanOrEqualTo(MIXED.bytesFor(1_000, 1));
            assertThatThrownBy(() -> sequence.pages(0).block(0)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(sequence.pages(1).block(0)).isNotNull();
        }
    }

    @Test
    void goesBackAsFarAsPromisedAndRefusesWhatIsGone() {
        try (KvBlockPool pool = new KvBlockPool(MIXED, 1 << 20); SequenceState sequence = grown(pool, 1_000)) {
            assertThat(sequence.canTruncate(1_000 - SequenceState.ROLLBACK_POSITIONS)).isTrue();
            assertThatThrownBy(() -> sequence.truncate(500)).hasMessage("cannot cut a sequence of 1000 positions to 500");
            sequence.truncate(0);
            assertThat(pool.usedBytes()).isZero();
            grow(sequence, 70);
            assertThat(sequence.length()).isEqualTo(70);
        }
    }

    @Test
    void whatIsRetainedCanBeCutToUntilItIsGivenUp() {
        try (KvBlockPool pool = new KvBlockPool(MIXED, 1 << 20); SequenceState sequence = grown(pool, 100)) {
            sequence.retain(150);
            grow(sequence, 900);
            assertThat(sequence.canTruncate(150)).isTrue();
            assertThat(sequence.canTruncate(80)).isFalse();
            sequence.retainNothing();
            grow(sequence, 1);
            assertThat(sequence.canTruncate(150)).isFalse();
            assertThat(sequence.heldBytes()).isLessThanOrEqualTo(pool.bytesFor(1_001));
        }
    }

    @Test
    void whatALayoutPromisesIsEnoughForLongStepsBehindAWindow() {
        KvLayout windowed = KvLayout.of(1, 4, NumberFormat.F16, 40);
        try (KvBlockPool pool = new KvBlockPool(windowed, windowed.bytesFor(2_000, 100)); SequenceState sequence = pool.newSequence()) {
            while (sequence.length() + 100 <= 2_000) {
                for (int row = 0; row < 100; row++) {
                    sequence.append();
                }
                sequence.releasePassed();
            }
        }
    }

    @Test
    void aForkCopiesOnlyTheBlockItWritesTo() {
        try (KvBlockPool pool = new KvBlockPool(FULL, 1 << 20); SequenceState sequence = grown(pool, 100)) {
            long before = pool.usedBytes();
            try (SequenceState fork = sequence.fork()) {
                assertThat(pool.usedBytes()).isEqualTo(before);
                fork.append();
                assertThat(pool.usedBytes()).isEqualTo(before + FULL.groups().get(0).blockBytes());
                assertThat(fork.pages(0).block(2)).isSameAs(sequence.pages(0).block(2));
                assertThat(fork.pages(0).block(3)).isNotSameAs(sequence.pages(0).block(3));
            }
            assertThat(pool.usedBytes()).isEqualTo(before);
        }
    }

    @Test
    void twoThatComputedTheSameShareOneCopy() {
        try (KvBlockPool pool = new KvBlockPool(MIXED, 1 << 20);
             SequenceState first = grown(pool, 64); SequenceState second = grown(pool, 100)) {
            long before = pool.usedBytes();
            second.adopt(first);
            assertThat(pool.usedBytes()).isEqualTo(before - first.heldBytes());
            assertThat(first.ownBytes()).isZero();
            assertThat(second.pages(1).block(1)).isSameAs(first.pages(1).block(1));
            second.truncate(50);
            second.append();
            assertThat(second.pages(1).block(1)).isNotSameAs(first.pages(1).block(1));
            assertThatThrownBy(() -> second.adopt(first)).hasMessageContaining("shares whole blocks of a shorter one");
        }
    }

    @Test
    void aFullPoolRefusesAndKeepsTheSequence() {
        try (KvBlockPool pool = new KvBlockPool(FULL, FULL.bytesFor(64, 1)); SequenceState sequence = grown(pool, 64)) {
            assertThatThrownBy(sequence::append).isInstanceOf(CapacityException.class).hasMessageContaining("the KV cache is full");
            assertThat(sequence.length()).isEqualTo(64);
            sequence.truncate(10);
            grow(sequence, 54);
        }
    }

    @Test
    void everyBlockIsGivenBackAfterAnyHistory() {
        Random random = new Random(17);
        try (KvBlockPool pool = new KvBlockPool(MIXED, 1 << 24)) {
            List<SequenceState> alive = new ArrayList<>(List.of(pool.newSequence()));
            for (int step = 0; step < 3_000; step++) {
                SequenceState sequence = alive.get(random.nextInt(alive.size()));
                switch (random.nextInt(5)) {
                    case 0 -> alive.add(sequence.fork());
                    case 1 -> sequence.truncate(backFrom(sequence, random));
                    case 2 -> {
                        if (alive.size() > 1) {
                            alive.remove(sequence);
                            sequence.close();
                        }
                    }
                    default -> grow(sequence, random.nextInt(90));
                }
            }
            alive.forEach(SequenceState::close);
            assertThat(pool.usedBytes()).isZero();
        }
    }

    private static int backFrom(SequenceState sequence, Random random) {
        int target = random.nextInt(sequence.length() + 1);
        return sequence.canTruncate(target) ? target : sequence.length();
    }
}
