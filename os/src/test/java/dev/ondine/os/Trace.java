package dev.ondine.os;

import dev.ondine.os.simulate.SimulatedDevice;
import dev.ondine.os.simulate.SimulatedWork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Tasks that come at some time, on some device. */
record Trace(List<Arrival> arrivals, SimulatedDevice device, SchedulerSettings settings, long seed) {

    /** @param id counted from 1 */
    record Arrival(long id, long nanos, TaskTerms terms, int prompt, int mostTokens, SimulatedWork work) {
    }

    /** A short trace of everything: bursts and gaps, all classes, deadlines, dependencies, budgets, tools, little and much cache. */
    static Trace random(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Arrival> arrivals = new ArrayList<>();
        int count = 2 + random.nextInt(14);
        double gap = Math.exp(random.nextDouble(-4, 1));
        double now = 0;
        for (long id = 1; id <= count; id++) {
            now += random.nextInt(3) == 0 ? 0 : -Math.log(1 - random.nextDouble()) * gap;
            arrivals.add(arrival(id, (long) (now * 1e9), random));
        }
        boolean tight = random.nextInt(3) == 0;
        SimulatedDevice device = SimulatedDevice.exact(Devices.ROWS, 4 + random.nextInt(12));
        return new Trace(arrivals, tight ? device.caching(700 + random.nextInt(1500), random.nextBoolean() ? 1e9 : 0) : device,
                SchedulerSettings.STANDARD.ageing(Duration.ofSeconds(5)).preempting(random.nextInt(4)), seed);
    }

    private static Arrival arrival(long id, long nanos, SplittableRandom random) {
        PriorityClass priority = PriorityClass.values()[random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(3)];
        boolean isInterrupt = priority == PriorityClass.INTERRUPT;
        int prompt = isInterrupt ? 1 + random.nextInt(30) : 1 + (int) (20 * Math.exp(random.nextDouble(0, 3.4)));
        int answer = isInterrupt ? 1 + random.nextInt(4) : 1 + random.nextInt(40);
        TaskTerms terms = TaskTerms.FOREGROUND.with(priority).weighing(random.nextInt(4) == 0 ? 3 : 1);
        if (random.nextInt(3) == 0 && !isInterrupt) {
            terms = terms.with(deadline(answer, random));
        }
        if (random.nextInt(4) == 0 && id > 1) {
            Set<Long> after = new HashSet<>(Set.of(1 + random.nextLong(id - 1)));
            after.add(1 + random.nextLong(id - 1));
            terms = terms.after(after);
        }
        if (random.nextInt(8) == 0) {
            terms = terms.with(new Budget(1 + random.nextInt(300), Duration.ofMillis(1 + random.nextInt(2000)), random.nextDouble(0.1, 20)));
        }
        List<SimulatedWork.ToolWait> tools = random.nextInt(8) > 0 || answer < 3 ? List.of()
                : List.of(new SimulatedWork.ToolWait(1 + random.nextInt(answer - 1), Duration.ofMillis(random.nextInt(2000)), random.nextInt(50)));
        return new Arrival(id, nanos, terms, prompt, answer, new SimulatedWork(answer, tools));
    }

    private static Deadline deadline(int answer, SplittableRandom random) {
        Duration first = Duration.ofMillis(100 + random.nextInt(3000));
        Duration last = Duration.ofMillis(200 + random.nextInt(8000));
        return switch (random.nextInt(3)) {
            case 0 -> Deadline.firstToken(first);
            case 1 -> Deadline.completion(1 + random.nextInt(answer), last);
            default -> new Deadline(first, 0, last);
        };
    }

    boolean isRoomy() {
        return device.cacheTokens() == Long.MAX_VALUE;
    }
}
