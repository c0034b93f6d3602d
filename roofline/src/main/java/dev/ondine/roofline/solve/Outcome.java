package dev.ondine.roofline.solve;

import dev.ondine.roofline.plan.EnergyAssumptions;
import dev.ondine.roofline.plan.Plan;

/**
 * A plan that runs at full speed or pauses between tokens.
 *
 * @param pace share of the full decode speed; 1 unless a power limit slows it down
 */
record Outcome(Plan plan, double pace) {

    /** As fast as the limit allows: idle power flows all the time, the rest of the limit moves bytes. */
    static Outcome within(Plan plan, double watts) {
        double idle = EnergyAssumptions.of(plan.request().device()).idleWatts();
        return new Outcome(plan, Math.clamp((watts - idle) / (plan.watts() - idle), 0, 1));
    }

    double decodeTokensPerSecond() {
        return plan.decode().tokensPerSecond() * pace;
    }

    double totalTokensPerSecond() {
        return plan.totalTokensPerSecond() * pace;
    }

    /** Idle power counts once a second, however many tokens that second has. */
    double joulesPerToken() {
        double idle = EnergyAssumptions.of(plan.request().device()).idleWatts();
        double idling = idle == 0 ? 0 : idle * (1 / totalTokensPerSecond() - 1 / plan.totalTokensPerSecond());
        return plan.joulesPerToken() + idling;
    }

    double watts() {
        double idle = EnergyAssumptions.of(plan.request().device()).idleWatts();
        return idle + (plan.watts() - idle) * pace;
    }
}
