package dev.ondine.explorer.simulate;

import java.util.List;
import java.util.PrimitiveIterator;
import java.util.SplittableRandom;

/** The next arrival of each stream of one device. */
final class ArrivalQueue {

    private final PrimitiveIterator.OfDouble[] streams;
    private final double[] nextOfStream;
    private int soonest;

    /** @param randoms one for each stream */
    ArrivalQueue(List<TaskStream> streams, double localStart, List<SplittableRandom> randoms) {
        this.streams = new PrimitiveIterator.OfDouble[streams.size()];
        nextOfStream = new double[streams.size()];
        for (int i = 0; i < nextOfStream.length; i++) {
            this.streams[i] = streams.get(i).arrivals().times(localStart, randoms.get(i));
            nextOfStream[i] = this.streams[i].nextDouble();
        }
        findSoonest();
    }

    private void findSoonest() {
        for (int i = 0; i < nextOfStream.length; i++) {
            if (nextOfStream[i] < nextOfStream[soonest] || nextOfStream[i] == nextOfStream[soonest] && i < soonest) {
                soonest = i;
            }
        }
    }

    double nextSeconds() {
        return nextOfStream[soonest];
    }

    /** Of the next arrival. */
    int nextStream() {
        return soonest;
    }

    void advance() {
        nextOfStream[soonest] = streams[soonest].nextDouble();
        findSoonest();
    }
}
