package dev.ondine.os;

/** First come, first served: what most servers do; here to be compared with. */
public record FirstComePolicy() implements SchedulingPolicy {

    @Override
    public String name() {
        return "fifo";
    }

    @Override
    public int rank(Task task) {
        return 0;
    }

    @Override
    public double order(Task task) {
        return task.id();
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
