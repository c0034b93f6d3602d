package dev.ondine.roofline.solve;

import java.util.List;
import java.util.stream.Stream;

/**
 * What has to be found, and what it is for.
 *
 * @param target      decides in which direction the unknown goes: if more of it helps, the least is found, else the most
 * @param constraints that the answer has to meet as well
 */
public record Question(Unknown unknown, Goal target, List<Goal> constraints) {

    /** One token a word and a third: English text with the vocabularies of today. */
    public static final double USUAL_TOKENS_PER_WORD = 4.0 / 3;

    public Question {
        constraints = List.copyOf(constraints);
    }

    /**
     * Reads a target and constraints with commas between them: {@code 20 tok/s, <= 4 W, memory <= 8 GB}.
     *
     * @throws IllegalArgumentException as {@link Goal#parse}
     */
    public static Question parse(Unknown unknown, String goals, double tokensPerWord) {
        List<Goal> all = Stream.of(goals.split(",", -1)).map(goal -> Goal.parse(goal, tokensPerWord)).toList();
        return new Question(unknown, all.getFirst(), all.subList(1, all.size()));
    }

    /** The target first. */
    public List<Goal> goals() {
        return Stream.concat(Stream.of(target), constraints.stream()).toList();
    }

    /** A round trip concerns the cloud alone, so what is asked of the device is asked of the two together. */
    Question addressed() {
        return unknown == Unknown.RTT ? new Question(unknown, inCloud(target), constraints.stream().map(Question::inCloud).toList()) : this;
    }

    private static Goal inCloud(Goal goal) {
        return switch (goal.metric()) {
            case DECODE -> new Goal(Metric.TOGETHER, goal.limit());
            case TTFT -> new Goal(Metric.CLOUD_TTFT, goal.limit());
            default -> goal;
        };
    }
}
