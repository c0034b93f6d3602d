package dev.ondine.os;

import java.util.IdentityHashMap;
import java.util.Map;

/** What steps take on each of the runners that were seen. */
final class RunnerCosts {

    private final Map<StepRunner, CorrectedCosts> costs = new IdentityHashMap<>();

    CorrectedCosts of(StepRunner runner) {
        return costs.computeIfAbsent(runner, added -> new CorrectedCosts(added.costs()));
    }
}
