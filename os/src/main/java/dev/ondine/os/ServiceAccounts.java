package dev.ondine.os;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who has had how much service: tasks on the virtual clocks of their classes, runners, and old tasks in their share of the time. */
final class ServiceAccounts {

    /** Tokens of an answer whose length nobody knows, until some have ended. */
    private static final double FIRST_GUESS = 128;
    private static final double NEWS = 0.1;

    private final SchedulerSettings settings;
    private final double[] virtualSeconds = new double[PriorityClass.values().length];
    private final Map<StepRunner, Double> runnerSeconds = new HashMap<>();
    private double answerTokens = FIRST_GUESS;
    /** Seconds that old tasks may take before others. */
    private double credit;
    private Task turn;

    ServiceAccounts(SchedulerSettings settings) {
        this.settings = settings;
    }

    /** A task comes, or comes back from where it could not run: service that it did not ask for is not saved up. */
    void enter(Task task) {
        double now = virtualSeconds[task.terms.priority().ordinal()];
        task.standing.virtualSeconds = Math.max(task.standing.virtualSeconds, now);
    }

    void leave(Task task) {
        if (task.generated() > 0) {
            answerTokens += NEWS * (task.generated() - answerTokens);
        }
    }

    /** Tokens of a task's whole answer, as far as anybody knows. */
    int expectedTokens(Task task) {
        int known = task.generated() + 1;
        return Math.max(known, Math.min(task.mostTokens(), Math.max(known, (int) answerTokens)));
    }

    double remainingSeconds(Task task, CorrectedCosts costs) {
        int pending = task.pending();
        double read = pending > 1 ? costs.readSeconds(pending, task.computed(), settings.boundSeconds()) : 0;
        int tokens = expectedTokens(task) - task.generated();
        return read + tokens * costs.decodeSeconds(1, task.length + 0.5 * tokens);
    }

    /** Lets the oldest of the old tasks go first if their share is not used up. */
    void giveTurns(List<Task> ready, long nowNanos) {
        turn = null;
        for (Task task : ready) {
            task.standing.isItsTurn = false;
            boolean isOld = nowNanos - task.standing.agesFromNanos >= settings.ageing().toNanos();
            if (isOld && credit > 0 && (turn == null || task.id() < turn.id())) {
                turn = task;
            }
        }
        if (turn != null) {
            turn.standing.isItsTurn = true;
        }
    }

    /**
     * The runner whose step is next. What is most urgent goes first; where tasks of several runners are equally urgent, the runner that
     * has had least.
     *
     * @param ready ranked, not empty
     */
    StepRunner turn(List<Task> ready) {
        Task first = ready.getFirst();
        StepRunner chosen = first.runner();
        if (runnerSeconds.size() < 2 && runnerSeconds.containsKey(chosen) || first.isInDanger() || first.isItsTurn()) {
            return chosen;
        }
        for (Task task : ready) {
            if (task.standing.rank != first.standing.rank) {
                break;
            }
            if (had(task.runner()) < had(chosen)) {
                chosen = task.runner();
            }
        }
        return chosen;
    }

    private double had(StepRunner runner) {
        return runnerSeconds.getOrDefault(runner, Double.NEGATIVE_INFINITY);
    }

    /** Shares the time of a step among its tasks: by what its decode rows and its prompts each cost. */
    void book(StepPlan plan, double seconds, long nowNanos, CorrectedCosts costs) {
        double whole = plan.seconds(costs);
        double decode = plan.decodeRows() == 0 ? 0 : Math.min(whole, costs.decodeSeconds(plan.decodeRows(), plan.depthSum()));
        double perRow = plan.decodeRows() == 0 ? 0 : decode / whole / plan.decodeRows();
        double perToken = plan.prefillTokens() == 0 ? 0 : (1 - decode / whole) / plan.prefillTokens();
        if (plan.prefillTokens() == 0) {
            perRow = 1.0 / plan.decodeRows();
        }
        double joules = plan.joules();
        double[] least = new double[virtualSeconds.length];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        for (StepPlan.Share share : plan.shares()) {
            Task task = share.task();
            double part = task.pending() == 1 ? perRow : share.tokens() * perToken;
            task.computed += share.tokens();
            task.computedTokens += share.tokens();
            task.computeSeconds += seconds * part;
            task.joules += joules * part;
            Standing standing = task.standing;
            standing.servedNanos = nowNanos;
            int at = task.terms.priority().ordinal();
            least[at] = Math.min(least[at], standing.virtualSeconds);
            standing.virtualSeconds += seconds * part / task.terms.weight();
        }
        for (int i = 0; i < least.length; i++) {
            virtualSeconds[i] = least[i] < Double.POSITIVE_INFINITY ? Math.max(virtualSeconds[i], least[i]) : virtualSeconds[i];
        }
        bookRunner(plan.runner(), seconds);
        bookTurn(plan, seconds);
    }

    private void bookRunner(StepRunner runner, double seconds) {
        List<StepRunner> others = new ArrayList<>(runnerSeconds.keySet());
        others.remove(runner);
        double least = others.stream().mapToDouble(runnerSeconds::get).min().orElse(0);
        // A runner that had nothing to do has not saved up anything.
        runnerSeconds.put(runner, Math.max(had(runner), least - settings.boundSeconds()) + seconds);
    }

    private void bookTurn(StepPlan plan, double seconds) {
        double bound = settings.boundSeconds();
        credit = Math.min(bound, credit + settings.agedShare() * seconds);
        if (turn != null && plan.shares().stream().anyMatch(share -> share.task() == turn)) {
            credit -= seconds;
        }
    }
}
