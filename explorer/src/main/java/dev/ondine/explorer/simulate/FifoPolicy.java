package dev.ondine.explorer.simulate;

import dev.ondine.roofline.cost.StepCosts;

/**
 * First come, first served, with continuous batching: the tasks that came first, up to a limit, are in progress; those of them that
 * answer get a token in every step, and the rest of the step reads prompts in the order of arrival. Priorities and deadlines count
 * for nothing.
 *
 * @param batch most tasks in progress
 * @param chunk most prompt tokens of a step
 * @see <a href="https://www.usenix.org/conference/osdi22/presentation/yu">Orca: iteration-level scheduling</a>
 */
public record FifoPolicy(int batch, int chunk) implements DayPolicy {

    @Override
    public void compose(double nowSeconds, DayTasks tasks, StepCosts costs, DayStep step) {
        int inProgress = Math.min(batch, tasks.count());
        int prompts = 0;
        for (int place = 0; place < inProgress; place++) {
            int task = tasks.at(place);
            if (tasks.isAnswering(task)) {
                step.decode(task);
            } else if (tasks.isReading(task)) {
                prompts++;
            }
        }
        int room = chunk;
        for (int place = 0; place < inProgress && prompts > 0 && room > 0; place++) {
            int task = tasks.at(place);
            if (tasks.isReading(task)) {
                int tokens = Math.min(room, tasks.promptLeft(task));
                step.prefill(task, tokens);
                room -= tokens;
                prompts--;
            }
        }
    }
}
