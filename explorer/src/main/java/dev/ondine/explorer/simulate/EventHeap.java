package dev.ondine.explorer.simulate;

import java.util.Arrays;

/** Events in the order of their times; of equal times, the lower number first. */
final class EventHeap {

    private double[] times = new double[16];
    private int[] events = new int[16];
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    double least() {
        return times[0];
    }

    void add(double time, int event) {
        if (count == times.length) {
            times = Arrays.copyOf(times, 2 * count);
            events = Arrays.copyOf(events, 2 * count);
        }
        int place = count++;
        while (place > 0 && isBefore(time, event, (place - 1) / 2)) {
            move((place - 1) / 2, place);
            place = (place - 1) / 2;
        }
        times[place] = time;
        events[place] = event;
    }

    int removeLeast() {
        int least = events[0];
        double time = times[--count];
        int event = events[count];
        int place = 0;
        for (int child = 1; child < count; child = 2 * place + 1) {
            if (child + 1 < count && isBefore(times[child + 1], events[child + 1], child)) {
                child++;
            }
            if (!isBefore(times[child], events[child], time, event)) {
                break;
            }
            move(child, place);
            place = child;
        }
        times[place] = time;
        events[place] = event;
        return least;
    }

    private void move(int from, int to) {
        times[to] = times[from];
        events[to] = events[from];
    }

    private boolean isBefore(double time, int event, int place) {
        return isBefore(time, event, times[place], events[place]);
    }

    private static boolean isBefore(double time, int event, double otherTime, int otherEvent) {
        return time < otherTime || time == otherTime && event < otherEvent;
    }
}
