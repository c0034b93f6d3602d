package dev.ondine.os;

import java.util.List;

/**
 * How a step is put together: of each rank in turn, a row of every task that decodes, then pieces of prompts. The first rank fills the
 * step up to its bound; the others ride along as far as they hardly make it longer.
 *
 * @see <a href="https://www.usenix.org/conference/osdi24/presentation/agrawal">Sarathi-Serve: stall-free batching</a>
 */
final class StepComposer {

    /** Decode rows join until a step would take so many times the bound or the first row alone, whichever is more. */
    static final double DECODING_STRETCH = 2;
    /** Where decoding fills the bound, prompts are read all the same: the step takes so many times what its decode rows take. */
    static final double READING_STRETCH = 1.5;

    private final SchedulingPolicy policy;
    private final double boundSeconds;
    private final CacheRoom cache;
    private final RunnerCosts costs;

    StepComposer(SchedulingPolicy policy, double boundSeconds, CacheRoom cache, RunnerCosts costs) {
        this.policy = policy;
        this.boundSeconds = boundSeconds;
        this.cache = cache;
        this.costs = costs;
    }

    /** Of a round in which every row gets a token, in as many steps as that takes. */
    static double roundSeconds(CorrectedCosts costs, int rows, double depth, double boundSeconds) {
        double limit = Math.max(boundSeconds, DECODING_STRETCH * costs.decodeSeconds(1, depth));
        int fits = rows;
        while (fits > 1 && costs.decodeSeconds(fits, fits * depth) > limit) {
            fits = Math.min(fits - 1, fits * 7 / 8);
        }
        return costs.decodeSeconds(fits, fits * depth) * rows / fits;
    }

    /** The state of one composition. */
    private final class Draft {

        private final StepPlan plan;
        private final CorrectedCosts speed;
        private final long step;
        /** Somebody found no room: nobody else comes in, so that who waits first gets what becomes free. */
        private boolean isFull;

        Draft(StepRunner runner, long step) {
            this.plan = new StepPlan(runner);
            this.speed = costs.of(runner);
            this.step = step;
        }

        /** A row of each task that decodes. */
        void decode(List<Task> rank, double limitSeconds) {
            double limit = limitSeconds;
            for (Task task : rank) {
                if (plan.rows() >= plan.runner().mostRows() || plan.logitsRows() >= plan.runner().mostLogitsRows()) {
                    return;
                }
                if (task.pending() == 1 && task.runner() == plan.runner()) {
                    boolean isFirst = plan.shares().isEmpty();
                    if (!isFirst && plan.secondsWith(speed, task, 1) > limit) {
                        return;
                    }
                    if (comesIn(task) && task.pending() == 1) {
                        add(task, 1);
                    }
                    limit = isFirst && !plan.shares().isEmpty() ? Math.max(limitSeconds, DECODING_STRETCH * plan.seconds(speed)) : limit;
                }
            }
        }

        /** Pieces of prompts. */
        void read(List<Task> rank, double limitSeconds) {
            for (Task task : rank) {
                if (task.runner() == plan.runner() && task.standing.plannedIn != step && task.pending() > 1) {
                    if (piece(task, limitSeconds) == 0) {
                        return;
                    }
                    // What it must read is known once its cache is back.
                    int tokens = comesIn(task) ? piece(task, limitSeconds) : 0;
                    if (tokens > 0) {
                        add(task, tokens);
                    }
                }
            }
        }

        private int piece(Task task, double limitSeconds) {
            int most = Math.min(task.pending(), plan.runner().mostRows() - plan.rows());
            most = (int) Math.min(most, task.terms.budget().tokens() - task.computedTokens);
            most = plan.fitting(task, most);
            if (most <= 0) {
                return 0;
            }
            int fits = speed.piece(plan, task, most, limitSeconds);
            return plan.shares().isEmpty() ? Math.max(1, fits) : fits;
        }

        private void add(Task task, int tokens) {
            if (cache.reserve(task, tokens, step)) {
                plan.add(task, tokens);
                task.standing.plannedIn = step;
            } else {
                isFull = true;
            }
        }

        private boolean comesIn(Task task) {
            if (!task.standing.holdsCache && isFull) {
                return false;
            }
            boolean isIn = cache.bringBack(task, step);
            isFull |= !isIn;
            return isIn;
        }
    }

    /**
     * The next step of a runner.
     *
     * @param ordered tasks that can run, ranked, most urgent first
     * @param step    its number
     * @return a plan that may be empty, if nothing finds room in the cache
     */
    StepPlan compose(StepRunner runner, List<Task> ordered, long step) {
        Draft draft = new Draft(runner, step);
        int firstRank = -1;
        double limit = boundSeconds;
        for (int from = 0, to; from < ordered.size(); from = to) {
            int rank = ordered.get(from).standing.rank;
            to = from + 1;
            while (to < ordered.size() && ordered.get(to).standing.rank == rank) {
                to++;
            }
            List<Task> peers = ordered.subList(from, to);
            boolean leads = draft.plan.shares().isEmpty();
            draft.decode(peers, limit);
            draft.read(peers, leads ? Math.max(boundSeconds, READING_STRETCH * draft.plan.seconds(draft.speed)) : limit);
            if (leads && !draft.plan.shares().isEmpty()) {
                firstRank = rank;
                limit = draft.plan.seconds(draft.speed) * (1 + policy.rideShare(firstRank, draft.plan.prefillTokens() > 0));
            }
        }
        return draft.plan;
    }
}
