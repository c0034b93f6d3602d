package dev.ondine.os;

/**
 * Who is most urgent goes first. Ranks: interrupts; promised deadlines in danger, of any class; foreground, and old tasks of any class
 * when it is their turn; normal; background. Within a rank: old tasks whose turn it is, first come first served; then
 * earliest deadline first; then weighted fair service, a task's place being its virtual time plus the work it still asks for over its
 * weight, so that short tasks go early and long ones are not passed over for ever. Tasks that decode take turns by virtual time alone.
 *
 * @see <a href="https://doi.org/10.1109/90.650143">Goyal, Vin, Cheng: start-time fair queueing</a>
 */
public record UrgencyPolicy() implements SchedulingPolicy {

    private static final int INTERRUPTS = 0;
    private static final int IN_DANGER = 1;
    private static final int FOREGROUND = 2;
    /** Before everything that has no deadline; far from any clock. */
    private static final double DEADLINES = -1e12;
    private static final double OLD = -2e12;

    @Override
    public String name() {
        return "urgency";
    }

    @Override
    public int rank(Task task) {
        if (task.priority() == PriorityClass.INTERRUPT) {
            return INTERRUPTS;
        }
        if (task.isInDanger()) {
            return IN_DANGER;
        }
        return task.isItsTurn() ? FOREGROUND : FOREGROUND + task.priority().ordinal() - PriorityClass.FOREGROUND.ordinal();
    }

    @Override
    public double order(Task task) {
        if (task.isItsTurn() && !task.isInDanger()) {
            return OLD + task.submittedSeconds();
        }
        if (task.hasDeadline()) {
            return DEADLINES + task.dueSeconds();
        }
        if (task.priority() == PriorityClass.INTERRUPT) {
            return task.submittedSeconds();
        }
        return task.pending() == 1 ? task.virtualSeconds() : task.virtualSeconds() + task.remainingSeconds() / task.terms().weight();
    }

    /** An interrupt is not noticeably slowed; a prompt that someone waits for little; an answer in the making somewhat more. */
    @Override
    public double rideShare(int rank, boolean reads) {
        if (rank == INTERRUPTS) {
            return 0.02;
        }
        return rank > FOREGROUND ? 0.25 : reads ? 0.05 : 0.1;
    }

    @Override
    public boolean keepsPromises() {
        return true;
    }
}
