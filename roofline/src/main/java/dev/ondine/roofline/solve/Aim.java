package dev.ondine.roofline.solve;

import dev.ondine.roofline.plan.Plan;

/** What a change is to improve. */
public enum Aim {
    /** Tokens per second of one sequence. */
    DECODE {
        @Override
        double speed(Plan plan) {
            return plan.decode().tokensPerSecond();
        }

        @Override
        String words(Plan plan) {
            return Metric.DECODE.words(speed(plan));
        }
    },
    /** Time to the first token. */
    TTFT {
        @Override
        double speed(Plan plan) {
            return 1 / plan.ttftSeconds();
        }

        @Override
        String words(Plan plan) {
            return Metric.TTFT.words(plan.ttftSeconds()) + " to the first token";
        }
    },
    /** Tokens per second of all sequences together. */
    TOTAL {
        @Override
        double speed(Plan plan) {
            return plan.totalTokensPerSecond();
        }

        @Override
        String words(Plan plan) {
            return Metric.TOTAL.words(speed(plan)) + " in total";
        }
    };

    /** More is better; NaN where unknown. */
    abstract double speed(Plan plan);

    abstract String words(Plan plan);
}
