package dev.ondine.explorer.replay;

import dev.ondine.explorer.simulate.Amount;
import dev.ondine.explorer.simulate.TaskStream;
import dev.ondine.os.Budget;
import dev.ondine.os.Deadline;
import dev.ondine.os.TaskTerms;
import dev.ondine.os.simulate.SimulatedWork;
import dev.ondine.os.simulate.SimulatedWork.ToolWait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The tasks of a scenario, drawn: equal seeds give equal tasks, whoever runs them. */
final class ReplayTasks {

    private record Draft(double seconds, int order, int index, ReplayScenario.ReplayStream stream, int prompt, SimulatedWork work) { }

    private ReplayTasks() {
    }

    /** @param load how many times as fast as the scenario says tasks come */
    static List<ReplayTask> of(ReplayScenario scenario, double load, long seed) {
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < scenario.streams().size(); i++) {
            draw(scenario, i, load, new SplittableRandom(seed * 1_000_003 + i), drafts);
        }
        drafts.sort(Comparator.comparingDouble(Draft::seconds).thenComparingInt(Draft::order).thenComparingInt(Draft::index));
        List<ReplayTask> tasks = new ArrayList<>();
        Map<Integer, Long> last = new HashMap<>();
        for (Draft draft : drafts) {
            long id = tasks.size() + 1;
            Long before = last.put(draft.order, id);
            TaskTerms terms = terms(draft.stream, draft.stream.inTurn() && before != null ? Set.of(before) : Set.of());
            tasks.add(new ReplayTask(id, draft.seconds, draft.stream.stream().name(), terms, draft.prompt, draft.work));
        }
        return tasks;
    }

    private static void draw(ReplayScenario scenario, int order, double load, RandomGenerator random, List<Draft> drafts) {
        ReplayScenario.ReplayStream stream = scenario.streams().get(order);
        PrimitiveIterator.OfDouble times = stream.stream().arrivals().times(scenario.localStart(), random);
        int index = 0;
        for (double time = times.nextDouble(); time < scenario.seconds() * load; time = times.nextDouble()) {
            int burst = stream.stream().burst().drawTokens(random);
            for (int i = 0; i < burst; i++) {
                int prompt = Math.max(1, stream.stream().prompt().values().stream().mapToInt(amount -> amount.drawTokens(random)).sum());
                drafts.add(new Draft(time / load, order, index++, stream, prompt, work(stream, random)));
            }
        }
    }

    /** Tools divide the answer evenly. */
    private static SimulatedWork work(ReplayScenario.ReplayStream stream, RandomGenerator random) {
        int answer = stream.stream().answer().drawTokens(random);
        int count = (int) Math.min(answer - 1, Math.round(stream.tools().draw(random)));
        List<ToolWait> tools = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            Amount reply = stream.toolReply();
            tools.add(new ToolWait(Math.max(i, i * answer / (count + 1)), Duration.ofNanos((long) (1e9 * stream.toolTime().draw(random))),
                    reply.drawTokens(random)));
        }
        return new SimulatedWork(answer, tools);
    }

    private static TaskTerms terms(ReplayScenario.ReplayStream stream, Set<Long> after) {
        TaskStream described = stream.stream();
        return new TaskTerms(described.name(), described.priority(), stream.weight(),
                new Deadline(duration(described.firstTokenSeconds()), 0, duration(described.completionSeconds())), Budget.UNLIMITED, after,
                false, false);
    }

    private static Duration duration(double seconds) {
        return Double.isInfinite(seconds) ? Deadline.NEVER : Duration.ofNanos((long) (seconds * 1e9));
    }
}
