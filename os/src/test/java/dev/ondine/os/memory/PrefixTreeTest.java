package dev.ondine.os.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.models.KvBlockPool;
import dev.ondine.models.KvLayout;
import dev.ondine.models.SequenceState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTreeTest {

    private static final long BLOCK = Grown.FULL.groups().getFirst().blockBytes();

    private final KvBlockPool pool = new KvBlockPool(Grown.FULL, 1 << 24);
    private final PrefixTree tree = new PrefixTree(new AtomicLong()::incrementAndGet);

    @AfterEach
    void nothingIsLeft() {
        tree.close();
        assertThat(pool.usedBytes()).isZero();
        pool.close();
    }

    private static int[] tokens(int seed, int count) {
        return new Random(seed).ints(count, 0, 1_000).toArray();
    }

    private static int[] join(int[] first, int[] second) {
        return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }

    private void insert(String app, int[] tokens, int shareable) {
        try (SequenceState state = Grown.sequence(pool, Grown.FULL, tokens.length)) {
            tree.insert(app, tokens, shareable, state);
        }
    }

    private int found(String app, int[] tokens) {
        Optional<SequenceState> state = tree.longest(app, tokens, tokens.length - 1);
        int length = state.map(SequenceState::length).orElse(0);
        state.ifPresent(SequenceState::close);
        return length;
    }

    @Test
    void findsTheLongestBeginningInWholeBlocks() {
        int[] known = tokens(1, 200);
        insert("a", known, 0);
        assertThat(found("a", known)).isEqualTo(192);
        assertThat(found("a", Arrays.copyOf(known, 193))).isEqualTo(192);
        assertThat(found("a", Arrays.copyOf(known, 192))).as("one token is left to compute").isEqualTo(160);
        assertThat(found("a", join(Arrays.copyOf(known, 100), tokens(2, 100)))).isEqualTo(96);
        assertThat(found("a", tokens(3, 200))).isZero();
        assertThat(found("a", Arrays.copyOf(known, 20))).isZero();
    }

    @Test
    void branchesShareTheirTrunk() {
        int[] trunk = tokens(1, 96);
        insert("a", join(trunk, tokens(2, 64)), 0);
        insert("a", join(trunk, tokens(3, 64)), 0);
        assertThat(pool.usedBytes()).isEqualTo((3 + 2 + 2) * BLOCK);
        assertThat(found("a", join(trunk, join(tokens(2, 64), tokens(9, 5))))).isEqualTo(160);
        assertThat(found("a", join(trunk, join(tokens(3, 64), tokens(9, 5))))).isEqualTo(160);
        assertThat(found("a", join(trunk, tokens(4, 64)))).isEqualTo(96);
    }

    @Test
    void whatTwoTasksComputedAtOnceStaysOnce() {
        int[] known = tokens(1, 100);
        try (SequenceState first = Grown.sequence(pool, Grown.FULL, 100); SequenceState second = Grown.sequence(pool, Grown.FULL, 100)) {
            assertThat(pool.usedBytes()).isEqualTo(8 * BLOCK);
            tree.insert("a", known, 0, first);
            tree.insert("a", known, 0, second);
            assertThat(pool.usedBytes()).isEqualTo(5 * BLOCK);
        }
    }

    @Test
    void anotherAppSeesOnlyWhatIsMarked() {
        int[] system = tokens(1, 100);
        int[] secret = join(system, tokens(2, 100));
        insert("a", secret, 100);
        int[] guess = join(secret, tokens(3, 10));
        assertThat(found("a", guess)).isEqualTo(192);
        assertThat(found("b", guess)).isEqualTo(96);
        assertThat(found("b", join(system, tokens(4, 100)))).isEqualTo(96);
        insert("a", tokens(5, 100), 0);
        assertThat(found("b", tokens(5, 100))).isZero();
    }

    /** Whatever another app has asked, and whatever this one guesses, it computes as many tokens as if it were alone. */
    @Test
    void noGuessTellsWhatAnotherAppAsked() {
        Random random = new Random(7);
        PrefixTree alone = new PrefixTree(new AtomicLong()::incrementAndGet);
        List<int[]> texts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int[] base = texts.isEmpty() || random.nextBoolean() ? new int[0] : texts.get(random.nextInt(texts.size()));
            texts.add(join(Arrays.copyOf(base, random.nextInt(base.length + 1)), tokens(100 + i, 20 + random.nextInt(150))));
        }
        for (int step = 0; step < 400; step++) {
            int[] text = texts.get(random.nextInt(texts.size()));
            if (random.nextInt(3) > 0) {
                insert("victim", text, 0);
            } else {
                insert("spy", text, 0);
                try (SequenceState state = Grown.sequence(pool, Grown.FULL, text.length)) {
                    alone.insert("spy", text, 0, state);
                }
            }
            int[] guess = texts.get(random.nextInt(texts.size()));
            int withVictim = found("spy", guess);
            Optional<SequenceState> without = alone.longest("spy", guess, guess.length - 1);
            assertThat(withVictim).isEqualTo(without.map(SequenceState::length).orElse(0));
            without.ifPresent(SequenceState::close);
        }
        alone.close();
    }

    @Test
    void whatWasNotUsedForLongestGoesFirst() {
        insert("a", tokens(1, 64), 0);
        insert("a", tokens(2, 64), 0);
        insert("b", tokens(3, 64), 0);
        assertThat(found("a", join(tokens(1, 64), tokens(9, 1)))).isEqualTo(64);
        assertThat(tree.evict()).isTrue();
        assertThat(found("a", join(tokens(2, 64), tokens(9, 1)))).isZero();
        assertThat(found("a", join(tokens(1, 64), tokens(9, 1)))).isEqualTo(64);
        assertThat(pool.usedBytes()).isEqualTo(4 * BLOCK);
    }

    @Test
    void endsGoBeforeTheTrunkAndWhatATaskHoldsLast() {
        int[] trunk = tokens(1, 64);
        insert("a", join(trunk, tokens(2, 64)), 0);
        insert("a", join(trunk, tokens(3, 64)), 0);
        try (SequenceState task = tree.longest("a", join(join(trunk, tokens(2, 64)), tokens(9, 1)), 128).orElseThrow()) {
            assertThat(task.length()).isEqualTo(128);
            insert("a", tokens(4, 64), 0);
            tree.evict();
            assertThat(pool.usedBytes()).isEqualTo((4 + 2) * BLOCK);
            tree.evict();
            assertThat(pool.usedBytes()).isEqualTo(4 * BLOCK);
            assertThat(tree.oldestUse()).as("nothing to gain").isEqualTo(Long.MAX_VALUE);
            assertThat(tree.evict()).isTrue();
            assertThat(tree.evict()).isTrue();
            assertThat(tree.evict()).isFalse();
            assertThat(pool.usedBytes()).isEqualTo(task.heldBytes());
        }
    }

    @Test
    void aWindowedSequenceIsFoundWhereItsWindowIsStillThere() {
        try (KvBlockPool windowed = new KvBlockPool(Grown.WINDOWED, 1 << 24);
             SequenceState state = Grown.sequence(windowed, Grown.WINDOWED, 128)) {
            PrefixTree ofWindowed = new PrefixTree(new AtomicLong()::incrementAndGet);
            int[] known = tokens(1, 600);
            ofWindowed.insert("a", known, 0, state);
            Grown.grow(state, Grown.WINDOWED, 472);
            ofWindowed.insert("a", known, 0, state);
            for (int common : new int[] {600, 580, 400, 140, 100, 20}) {
                int[] prompt = join(Arrays.copyOf(known, common), tokens(2, 40));
                int expected = common >= 576 ? common / 32 * 32 : common >= 128 ? 128 : common >= 96 ? 96 : 0;
                Optional<SequenceState> found = ofWindowed.longest("a", prompt, prompt.length - 1);
                assertThat(found.map(SequenceState::length).orElse(0)).as("%d tokens are the same", common).isEqualTo(expected);
                found.ifPresent(sequence -> Grown.grow(sequence, Grown.WINDOWED, 40));
                found.ifPresent(SequenceState::close);
            }
            ofWindowed.close();
            assertThat(windowed.usedBytes()).isEqualTo(state.heldBytes());
        }
    }

    /** Against a list of all that was inserted. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithALongList(long seed) {
        Random random = new Random(seed);
        Map<String, List<int[]>> inserted = new HashMap<>(Map.of("a", new ArrayList<>(), "b", new ArrayList<>(), "*", new ArrayList<>()));
        for (int step = 0; step < 500; step++) {
            String app = random.nextBoolean() ? "a" : "b";
            int[] text = random.ints(random.nextInt(6), 0, 2).boxed().map(choice -> tokens(choice, 32))
                    .reduce(new int[0], PrefixTreeTest::join);
            int[] prompt = join(text, tokens(50 + step, 1 + random.nextInt(31)));
            int expected = Math.max(longest(inserted.get(app), prompt), longest(inserted.get("*"), prompt));
            assertThat(found(app, prompt)).isEqualTo(expected);
            if (random.nextInt(3) == 0) {
                int shareable = random.nextInt(prompt.length + 1);
                insert(app, prompt, shareable);
                inserted.get(app).add(prompt);
                inserted.get("*").add(Arrays.copyOf(prompt, shareable));
            }
        }
    }

    private static int longest(List<int[]> texts, int[] prompt) {
        int longest = 0;
        for (int[] text : texts) {
            int mismatch = Arrays.mismatch(text, prompt);
            int common = mismatch < 0 ? text.length : mismatch;
            longest = Math.max(longest, Math.min(common, prompt.length - 1) / KvLayout.BLOCK_POSITIONS * KvLayout.BLOCK_POSITIONS);
        }
        return longest;
    }
}
