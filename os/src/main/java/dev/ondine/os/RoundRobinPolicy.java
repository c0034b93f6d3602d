package dev.ondine.os;

/** All tasks in turn, whoever they are: the one that was served longest ago goes first; here to be compared with. */
public record RoundRobinPolicy() implements SchedulingPolicy {

    @Override
    public String name() {
        return "round-robin";
    }

    @Override
    public int rank(Task task) {
        return 0;
    }

    @Override
    public double order(Task task) {
        return task.servedSeconds();
    }

    @Override
    public double rideShare(int rank, boolean reads) {
        return 0;
    }

    @Override
    public boolean keepsPromises() {
        return false;
    }
}
