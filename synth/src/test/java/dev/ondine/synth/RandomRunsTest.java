package dev.ondine.synth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.WorkerTeam;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomRunsTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100, 1 << 14})
    void aTensorMeetsEveryRunOnceBeforeItRepeatsOne(int wanted) {
        int count = wanted == 1 ? 1 : Integer.highestOneBit(2 * wanted - 1);
        try (Arena arena = Arena.ofShared(); WorkerTeam team = new WorkerTeam(2)) {
            RandomRuns runs = new RandomRuns(arena, team, NumberFormat.F32, 1, wanted, 5);
            Set<Float> met = new HashSet<>();
            MemorySegment target = arena.allocate(NumberFormat.F32.bytes((long) RandomRuns.RUN * count), 64);
            runs.fill(9, 3L * count, target);
            for (int run = 0; run < count; run++) {
                met.add(first(target, run));
            }
            assertThat(met).hasSize(count);
        }
    }

    @Test
    void startsAnywhereAndCutsTheLastRun() {
        try (Arena arena = Arena.ofShared(); WorkerTeam team = new WorkerTeam(2)) {
            RandomRuns runs = new RandomRuns(arena, team, NumberFormat.Q8_0, 1, 64, 5);
            long runBytes = NumberFormat.Q8_0.bytes(RandomRuns.RUN);
            MemorySegment whole = arena.allocate(200 * runBytes);
            runs.fill(9, 0, whole);
            MemorySegment part = arena.allocate(50 * runBytes + 34);
            runs.fill(9, 130, part);
            assertThat(part.mismatch(whole.asSlice(130 * runBytes, part.byteSize()))).isEqualTo(-1);
            MemorySegment other = arena.allocate(200 * runBytes);
            runs.fill(10, 0, other);
            assertThat(other.mismatch(whole)).isLessThan(10 * runBytes);
        }
    }

    private static float first(MemorySegment target, int run) {
        float[] number = new float[1];
        NumberFormat.F32.decode(target, NumberFormat.F32.bytes((long) RandomRuns.RUN * run), number, 0, 1);
        return number[0];
    }
}
