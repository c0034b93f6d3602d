package dev.ondine.os;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * When tasks will be done if nothing else ran: prompts are read one after another in the order given, and all tasks that have read
 * theirs decode together, a token each per round. Where both go on, a round takes the step's bound. Tasks of several models decode in
 * turns. Takes n log n for n tasks.
 */
final class Forecast {

    private record Entry(Task task, CorrectedCosts costs, int tokens, double[] seconds) { }

    private record Ending(double round, Entry entry) { }

    /** Tasks of one model that decode now. */
    private static final class Group {

        private final CorrectedCosts costs;
        private int rows;
        private double depthSum;

        Group(CorrectedCosts costs) {
            this.costs = costs;
        }
    }

    private final double boundSeconds;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();
    private final PriorityQueue<Ending> endings = new PriorityQueue<>(Comparator.comparingDouble(Ending::round));
    private double now;
    private double rounds;
    private double roundSeconds;

    Forecast(double boundSeconds) {
        this.boundSeconds = boundSeconds;
    }

    /** Comes after those that were added before. @param tokens of the answer, counted from its beginning */
    void add(Task task, CorrectedCosts costs, int tokens) {
        entries.add(new Entry(task, costs, Math.max(0, tokens - task.generated()), new double[2]));
    }

    int size() {
        return entries.size();
    }

    Task task(int index) {
        return entries.get(index).task;
    }

    /** Until the first token from now; 0 if it is there. */
    double firstTokenSeconds(int index) {
        return entries.get(index).seconds[0];
    }

    /** Until the last of the tokens from now. */
    double completionSeconds(int index) {
        return entries.get(index).seconds[1];
    }

    Forecast run() {
        List<Entry> reading = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.task.pending() > 1 || entry.task.generated() == 0) {
                reading.add(entry);
            } else if (entry.tokens > 0) {
                begin(entry, entry.tokens);
            }
        }
        for (Entry entry : reading) {
            if (entry.task.standing.waitsFor > 0) {
                decodeAll();
            }
            read(entry);
            if (entry.task.generated() == 0) {
                entry.seconds[0] = now;
            }
            entry.seconds[1] = now;
            if (entry.tokens > 1) {
                begin(entry, entry.tokens - 1);
            }
        }
        decodeAll();
        return this;
    }

    private void decodeAll() {
        while (!endings.isEmpty()) {
            decodeTo(endings.peek().round, roundSeconds);
            endOne();
        }
    }

    /** The rest of a prompt, while others decode. */
    private void read(Entry entry) {
        double left = entry.costs.readSeconds(entry.task.pending(), entry.task.computed(), boundSeconds);
        while (!endings.isEmpty()) {
            double length = Math.max(boundSeconds, StepComposer.READING_STRETCH * roundSeconds);
            double reads = length - roundSeconds;
            double until = endings.peek().round - rounds;
            if (left <= until * reads) {
                decodeTo(rounds + left / reads, length);
                return;
            }
            left -= until * reads;
            decodeTo(endings.peek().round, length);
            endOne();
        }
        now += left;
    }

    private void decodeTo(double round, double seconds) {
        now += (round - rounds) * seconds;
        rounds = round;
    }

    private void begin(Entry entry, int tokens) {
        endings.add(new Ending(rounds + tokens, entry));
        count(entry, 1);
    }

    private void endOne() {
        Entry entry = endings.remove().entry;
        entry.seconds[1] = now;
        count(entry, -1);
    }

    private void count(Entry entry, int rows) {
        Group group = group(entry.costs);
        group.rows += rows;
        group.depthSum += rows * (entry.task.length + 0.5 * entry.tokens);
        roundSeconds = 0;
        for (Group each : groups) {
            roundSeconds += each.rows == 0 ? 0 : StepComposer.roundSeconds(each.costs, each.rows, each.depthSum / each.rows, boundSeconds);
        }
    }

    private Group group(CorrectedCosts costs) {
        for (Group group : groups) {
            if (group.costs == costs) {
                return group;
            }
        }
        groups.add(new Group(costs));
        return groups.getLast();
    }
}
