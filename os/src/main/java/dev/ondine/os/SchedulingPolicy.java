package dev.ondine.os;

/** What decides who goes first. It keeps nothing between two questions; the scheduler asks it before every step. */
public interface SchedulingPolicy {

    String name();

    /**
     * Where a task stands, lower first. Tasks of the lowest rank fill a step as far as its bound allows; others only ride along, and
     * only in {@link #rideShare}.
     */
    int rank(Task task);

    /** Its place within the rank, lower first. Tasks that decode are only compared with tasks that decode. */
    double order(Task task);

    /** By which share tasks of higher ranks may make a step longer. @param rank that the step belongs to; @param reads prompts */
    double rideShare(int rank, boolean reads);

    /** Whether deadlines are promises: those that cannot be met are refused, and those that are in danger go first. */
    boolean keepsPromises();
}
