package dev.ondine.os.simulate;

import dev.ondine.os.Scheduler;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** What will happen on a virtual clock beside the scheduler's steps: tasks come, tools answer. */
public final class Agenda {

    private record Event(long nanos, long number, Consumer<Scheduler> what) { }

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::nanos).thenComparingLong(Event::number));
    private final VirtualClock clock;
    private long numbers;

    public Agenda(VirtualClock clock) {
        this.clock = clock;
    }

    /** Events of the same moment happen in the order in which they were told. */
    public void at(long nanos, Consumer<Scheduler> what) {
        events.add(new Event(nanos, numbers++, what));
    }

    /** Runs steps and events in turn until nothing is left to do. Events wait for the end of the step in which they fall. */
    public void run(Scheduler scheduler) {
        while (true) {
            while (!events.isEmpty() && events.peek().nanos <= clock.nanos()) {
                events.remove().what.accept(scheduler);
            }
            if (!scheduler.step()) {
                if (events.isEmpty()) {
                    return;
                }
                clock.advanceTo(events.peek().nanos);
            }
        }
    }
}
