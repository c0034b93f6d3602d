package dev.ondine.os.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.models.KvBlockPool;
import dev.ondine.os.memory.MemoryBudget.Use;
import dev.ondine.os.memory.MemorySnapshot.CacheForm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskMemoryTest {

    private static final long BLOCK = Grown.FULL.groups().getFirst().blockBytes();
    private static final double SLOW_PREFILL = 10;
    private static final double FAST_PREFILL = 1e12;

    @TempDir
    Path folder;

    private final KvBlockPool pool = new KvBlockPool(Grown.FULL, 0);
    private final MemoryBudget budget = new MemoryBudget(20 * BLOCK);
    private SwapFolder swap;
    private TaskMemory memory;

    @BeforeEach
    void tasksHaveRoomForTenBlocks() throws IOException {
        swap = new SwapFolder(folder, 1 << 20);
        budget.claim("model", Use.WEIGHTS, 10 * BLOCK);
        open(SLOW_PREFILL);
    }

    private void open(double prefillTokensPerSecond) {
        memory = new TaskMemory(pool, budget.claim("model", Use.KV_CACHE, 0), Optional.of(swap), new ParkingSpeeds(prefillTokensPerSecond));
    }

    @AfterEach
    void nothingIsLeft() {
        memory.close();
        assertThat(pool.usedBytes()).isZero();
        assertThat(swap.usedBytes()).isZero();
        swap.close();
        pool.close();
    }

    private static int[] tokens(int seed) {
        return new Random(seed).ints(400, 0, 1_000).toArray();
    }

    private TaskCache task(int id, boolean isLossy) {
        return memory.open(new CacheTerms(id, "app", 400, 0, isLossy, Integer.MAX_VALUE));
    }

    /** A task that has run so many tokens. */
    private TaskCache run(int id, int length, boolean isLossy) {
        TaskCache cache = task(id, isLossy);
        assertThat(cache.restore(tokens(id))).isZero();
        grow(cache, length);
        return cache;
    }

    private void grow(TaskCache cache, int tokens) {
        assertThat(cache.reserve(tokens)).isTrue();
        memory.stepBegins();
        Grown.grow(cache.state(), Grown.FULL, tokens);
    }

    private CacheForm form(int id) {
        return memory.snapshot().tasks().stream().filter(task -> task.task() == id).findAny().orElseThrow().form();
    }

    @Test
    void whatIsParkedStaysUntilItsPlaceIsNeeded() {
        TaskCache first = run(1, 200, false);
        assertThat(first.park(tokens(1))).isEqualTo(7 * BLOCK);
        assertThat(form(1)).isEqualTo(CacheForm.KEPT);
        TaskCache second = run(2, 90, false);
        assertThat(form(1)).isEqualTo(CacheForm.KEPT);
        grow(second, 30);
        assertThat(form(1)).isEqualTo(CacheForm.SWAPPED);
        assertThat(swap.usedBytes()).isGreaterThanOrEqualTo(7 * BLOCK);
        assertThatThrownBy(first::state).hasMessageContaining("restore its cache first");
        assertThat(first.restore(tokens(1))).as("no room beside the second").isEqualTo(-1);
        second.park(tokens(2));
        assertThat(first.restore(tokens(1))).isEqualTo(200);
        assertThat(form(2)).isEqualTo(CacheForm.SWAPPED);
        first.close(tokens(1));
        second.close(tokens(2));
    }

    @Test
    void whatIsComputedFasterThanReadIsDropped() {
        memory.close();
        open(FAST_PREFILL);
        TaskCache first = run(1, 200, false);
        first.park(tokens(1));
        TaskCache second = run(2, 300, false);
        assertThat(form(1)).isEqualTo(CacheForm.NONE);
        second.close(tokens(2));
        TaskCache third = run(3, 320, false);
        third.close(tokens(3));
        assertThat(first.restore(tokens(1))).isZero();
        first.close(tokens(1));
    }

    @Test
    void whatIsDroppedIsFoundAgainAsLongAsNobodyNeedsItsPlace() {
        memory.close();
        open(FAST_PREFILL);
        TaskCache first = run(1, 100, false);
        first.park(tokens(1));
        TaskCache second = run(2, 200, false);
        TaskCache third = run(3, 10, false);
        assertThat(form(1)).isEqualTo(CacheForm.NONE);
        second.close(tokens(2));
        third.close(tokens(3));
        assertThat(first.restore(tokens(1))).isBetween(0, 96);
        first.close(tokens(1));
    }

    @Test
    void onlyLossyTasksAreCompressedAndTheyLeaveNothingToOthers() {
        for (int time = 0; time < 40; time++) {
            memory.speeds().compressed(1 << 30, 1);
            memory.speeds().expanded(1 << 30, 1);
        }
        TaskCache lossy = run(1, 200, true);
        TaskCache exact = run(2, 64, false);
        exact.park(tokens(2));
        lossy.park(tokens(1));
        TaskCache third = run(3, 60, false);
        assertThat(form(2)).isEqualTo(CacheForm.SWAPPED);
        grow(third, 60);
        assertThat(form(1)).isEqualTo(CacheForm.COMPRESSED);
        MemorySnapshot snapshot = memory.snapshot();
        assertThat(snapshot.compressedBytes()).isBetween(3 * BLOCK, 5 * BLOCK);
        assertThat(snapshot.capacityBytes()).isBetween(8 * BLOCK, 10 * BLOCK);
        assertThat(snapshot.freeBytes()).isEqualTo(snapshot.capacityBytes() - snapshot.compressedBytes() - pool.usedBytes());
        assertThat(lossy.restore(tokens(1))).as("no room beside the third").isEqualTo(-1);
        assertThat(memory.snapshot()).isEqualTo(snapshot);
        third.close(tokens(3));
        assertThat(lossy.restore(tokens(1))).isEqualTo(200);
        assertThat(memory.snapshot().compressedBytes()).isZero();
        lossy.close(tokens(1));
        TaskCache again = task(4, false);
        assertThat(again.restore(tokens(1))).as("rounded numbers are nobody else's").isZero();
        again.close(tokens(1));
        exact.close(tokens(2));
    }

    @Test
    void aFullFolderMeansDropping() throws IOException {
        memory.close();
        swap.close();
        swap = new SwapFolder(folder, 3 * BLOCK);
        open(SLOW_PREFILL);
        TaskCache first = run(1, 200, false);
        first.park(tokens(1));
        TaskCache second = run(2, 200, false);
        assertThat(form(1)).isEqualTo(CacheForm.NONE);
        first.close(tokens(1));
        second.close(tokens(2));
    }

    @Test
    void reservationsOfOneStepAddUp() {
        TaskCache first = run(1, 32, false);
        TaskCache second = run(2, 32, false);
        assertThat(first.reserve(6 * 32)).isTrue();
        assertThat(second.reserve(3 * 32)).isFalse();
        assertThat(second.reserve(2 * 32)).isTrue();
        assertThat(first.reserve(7 * 32)).isFalse();
        assertThat(first.reserve(32)).isTrue();
        memory.stepBegins();
        assertThat(second.reserve(8 * 32)).isTrue();
        first.close(tokens(1));
        second.close(tokens(2));
    }

    private void toolsAnswerIn(Duration time) {
        for (int answer = 0; answer < 60; answer++) {
            memory.speeds().toolAnswered(time.toNanos());
        }
    }

    @Test
    void aTaskThatWaitsForAToolLeavesIfMemoryIsScarceAndItWaitsLong() {
        TaskCache first = run(1, 300, false);
        toolsAnswerIn(Duration.ofNanos(1));
        assertThat(first.block(tokens(1))).isEqualTo(10 * BLOCK);
        assertThat(form(1)).isEqualTo(CacheForm.KEPT);
        assertThat(first.restore(tokens(1))).isEqualTo(300);
        toolsAnswerIn(Duration.ofMinutes(1));
        first.block(tokens(1));
        assertThat(form(1)).isEqualTo(CacheForm.SWAPPED);
        assertThat(first.restore(tokens(1))).isEqualTo(300);
        first.close(tokens(1));
    }

    @Test
    void whatPromptsBeginWithIsFoundAndGoesWhenRoomIsNeeded() {
        run(1, 200, false).close(tokens(1));
        TaskCache again = task(2, false);
        assertThat(again.restore(tokens(1))).isEqualTo(192);
        again.close(tokens(1));
        assertThat(memory.snapshot().prefixBytes()).isEqualTo(6 * BLOCK);
        TaskCache other = run(3, 320, false);
        assertThat(memory.snapshot().prefixBytes()).isZero();
        other.close(tokens(3));
    }

    @Test
    void aSystemPromptIsSharedAloneAlsoWhereAWindowHasPassedIt() {
        try (KvBlockPool windowed = new KvBlockPool(Grown.WINDOWED, 0);
             TaskMemory own = new TaskMemory(windowed, new MemoryBudget(1 << 20).claim("model", Use.KV_CACHE, 0), Optional.empty(),
                     new ParkingSpeeds(SLOW_PREFILL))) {
            TaskCache first = own.open(new CacheTerms(1, "one", 400, 100, false, Integer.MAX_VALUE));
            first.restore(tokens(1));
            first.reserve(400);
            own.stepBegins();
            Grown.grow(first.state(), Grown.WINDOWED, 400);
            assertThat(first.isPrefixDue()).isTrue();
            first.keepPrefix(tokens(1));
            assertThat(first.isPrefixDue()).isFalse();
            TaskCache second = own.open(new CacheTerms(2, "two", 400, 0, false, Integer.MAX_VALUE));
            assertThat(second.restore(tokens(1))).isEqualTo(96);
            first.close(tokens(1));
            second.close(tokens(1));
        }
    }

    /** Tasks come, run, give way, come back and go, in any order; nothing is left of them but what the tree keeps. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whateverHappensNothingLeaks(long seed) {
        Random random = new Random(seed);
        Map<TaskCache, Integer> caches = new LinkedHashMap<>();
        Set<CacheForm> seen = EnumSet.noneOf(CacheForm.class);
        for (int step = 0; step < 1_500; step++) {
            List<TaskCache> all = List.copyOf(caches.keySet());
            if (all.size() < 4) {
                int id = random.nextInt(6);
                caches.put(memory.open(new CacheTerms(step, "app" + id % 2, 300, 40, id == 5, Integer.MAX_VALUE)), id);
            } else {
                TaskCache cache = all.get(random.nextInt(4));
                int id = caches.get(cache);
                if (random.nextInt(10) == 0) {
                    cache.close(tokens(id));
                    caches.remove(cache);
                } else {
                    use(cache, id, random);
                }
            }
            MemorySnapshot snapshot = memory.snapshot();
            snapshot.tasks().forEach(task -> seen.add(task.form()));
            assertThat(snapshot.freeBytes()).isNotNegative();
            assertThat(snapshot.prefixBytes()).isNotNegative();
            assertThat(pool.usedBytes() + snapshot.compressedBytes()).isLessThanOrEqualTo(snapshot.capacityBytes())
                    .isLessThanOrEqualTo(10 * BLOCK);
            assertThat(snapshot.swappedBytes()).isEqualTo(swap.usedBytes());
        }
        caches.forEach((cache, id) -> cache.close(tokens(id)));
        assertThat(memory.snapshot().prefixBytes()).isEqualTo(pool.usedBytes());
        assertThat(seen).containsExactly(CacheForm.values());
    }

    private void use(TaskCache cache, int id, Random random) {
        int[] tokens = tokens(id);
        switch (random.nextInt(5)) {
            case 0 -> memory.shrinkTo(random.nextInt(10) * BLOCK);
            case 1 -> {
                if (cache.restore(tokens) >= 0) {
                    cache.block(tokens);
                }
            }
            default -> {
                int kept = cache.restore(tokens);
                assertThat(kept).isLessThan(tokens.length);
                int more = Math.min(1 + random.nextInt(120), tokens.length - 1 - kept);
                if (kept >= 0 && more > 0 && cache.reserve(more)) {
                    memory.stepBegins();
                    Grown.grow(cache.state(), Grown.FULL, more);
                    if (cache.isPrefixDue()) {
                        cache.keepPrefix(tokens);
                    }
                }
                if (kept >= 0 && random.nextInt(4) > 0) {
                    cache.park(tokens);
                }
            }
        }
    }

    @Test
    void memoryIsGivenUpForOthersAndTakenBack() {
        TaskCache running = run(1, 100, false);
        run(2, 100, false).close(tokens(2));
        assertThat(budget.freeBytes()).isLessThan(4 * BLOCK);
        assertThat(memory.shrinkTo(3 * BLOCK)).isFalse();
        assertThat(memory.shrinkTo(4 * BLOCK)).isTrue();
        assertThat(budget.freeBytes()).isEqualTo(6 * BLOCK);
        assertThat(pool.capacityBytes()).isEqualTo(4 * BLOCK);
        try (MemoryBudget.Claim index = budget.claim("notes", Use.INDEX, 5 * BLOCK)) {
            assertThat(index.bytes()).isEqualTo(5 * BLOCK);
            assertThat(running.reserve(28 + 64)).isFalse();
            assertThat(running.reserve(28 + 32)).isTrue();
        }
        assertThat(running.reserve(28 + 64)).isTrue();
        running.close(tokens(1));
    }
}
