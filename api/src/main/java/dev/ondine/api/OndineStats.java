package dev.ondine.api;

import dev.ondine.os.TaskView;
import dev.ondine.os.memory.MemoryBudget;
import java.util.List;
import java.util.OptionalLong;

/**
 * An {@link Ondine} as it was at some moment.
 *
 * @param models      all that are known
 * @param memoryBytes that its models may take together; empty for no limit
 * @param holdings    who holds how much of it, and for what
 * @param tasks       that have not ended
 */
public record OndineStats(List<ModelStats> models, OptionalLong memoryBytes, List<MemoryBudget.Holding> holdings, List<TaskView> tasks) {

    /** Memory that the loaded models take at most. */
    public long bytes() {
        return models.stream().mapToLong(ModelStats::bytes).sum();
    }
}
