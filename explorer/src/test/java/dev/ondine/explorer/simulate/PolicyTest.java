package dev.ondine.explorer.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.os.PriorityClass;
import dev.ondine.roofline.cost.StepCosts;
import org.junit.jupiter.api.Test;

final class PolicyTest {

    private static final String HAZARD = """
            "streams": [{"name": "long", "class": "background", "arrivals": {"at": ["00:00"]}, "prompt": 640, "answer": 100},
              {"name": "hazard", "class": "interrupt", "arrivals": {"at": ["00:00:00.05"]}, "prompt": 1, "answer": 2}]""";

    /** The most urgent task alone in each step. */
    private record UrgentFirst(boolean admitsBackground) implements DayPolicy {

        @Override
        public void compose(double nowSeconds, DayTasks tasks, StepCosts costs, DayStep step) {
            int chosen = tasks.at(0);
            for (int place = 1; place < tasks.count(); place++) {
                chosen = tasks.priority(tasks.at(place)).compareTo(tasks.priority(chosen)) < 0 ? tasks.at(place) : chosen;
            }
            if (tasks.isReading(chosen)) {
                step.prefill(chosen, Math.min(64, tasks.promptLeft(chosen)));
            } else if (tasks.isAnswering(chosen)) {
                step.decode(chosen);
            }
        }

        @Override
        public boolean admits(double nowSeconds, int task, DayTasks tasks, StepCosts costs) {
            return admitsBackground || tasks.priority(task) != PriorityClass.BACKGROUND;
        }
    }

    @Test
    void aPolicyThatKnowsPrioritiesStartsAnInterruptAtTheNextStep() {
        Scenario scenario = Worlds.of("10 s", 1, HAZARD);
        ScenarioReport urgent = new Simulation(scenario, DesignCatalogue.NONE, () -> new UrgentFirst(true)).run(1);
        // It comes at 50 ms; the step that runs ends at 60 ms, its own at 80 ms.
        assertThat(urgent.priorityClass(PriorityClass.INTERRUPT).firstToken().max()).isEqualTo(0.03, within(1e-9));
        assertThat(urgent.stream("long").completed()).isEqualTo(1);
        ScenarioReport fifo = new Simulation(scenario, DesignCatalogue.NONE).run(1);
        assertThat(fifo.priorityClass(PriorityClass.INTERRUPT).firstToken().max()).isGreaterThan(2);
    }

    @Test
    void whatAPolicyDoesNotAdmitIsRefused() {
        ScenarioReport report = new Simulation(Worlds.of("10 s", 1, HAZARD), DesignCatalogue.NONE, () -> new UrgentFirst(false)).run(1);
        assertThat(report.stream("long").refused()).isEqualTo(1);
        assertThat(report.stream("hazard").completed()).isEqualTo(1);
    }

    @Test
    void aPolicyCannotDoTheImpossible() {
        Scenario scenario = Worlds.of("10 s", 1, HAZARD);
        assertThatThrownBy(() -> new Simulation(scenario, DesignCatalogue.NONE, () -> (now, tasks, costs, step) -> step.decode(tasks.at(0)))
                .run(1)).isInstanceOf(IllegalStateException.class).hasMessage("task 0 cannot give a token now");
        assertThatThrownBy(() -> new Simulation(scenario, DesignCatalogue.NONE, () -> (now, tasks, costs, step) -> {
            step.prefill(tasks.at(0), 1);
            step.prefill(tasks.at(0), 1);
        }).run(1)).isInstanceOf(IllegalStateException.class).hasMessage("task 0 is in the step already");
    }

    @Test
    void aPolicyMayLetTheClockGoOn() {
        ScenarioReport report = new Simulation(Worlds.of("10 s", 1, HAZARD), DesignCatalogue.NONE,
                () -> (now, tasks, costs, step) -> { }).run(1);
        assertThat(report.steps()).isZero();
        assertThat(report.stream("long").left()).isEqualTo(1);
    }
}
