package dev.ondine.explorer.simulate;

import dev.ondine.roofline.cost.StepCosts;
import java.util.Optional;

/**
 * What the cloud takes for a task. A server that works on b sequences gives each of them a token every step + b x share seconds.
 *
 * @param machine    whose steps give the times; empty if they are given as numbers
 * @param speed      the times; empty until the machine's are worked out
 * @param sequences  that a server works on at once when nothing else tells: one device alone
 * @param radioWatts that the device draws while it sends or waits
 * @param draftTokens that the device drafts for one verification
 * @param acceptance chance that a drafted token stands
 */
public record CloudService(Optional<Machine> machine, Optional<Speed> speed, int sequences, double radioWatts, int draftTokens,
        double acceptance) {

    /** A server, and the depth in tokens of the caches that its sequences have on average. */
    public record Machine(DesignPoint design, double depth) {
    }

    /**
     * Times of a server.
     *
     * @param stepSeconds    of a step, whatever the number of sequences
     * @param shareSeconds   that each sequence adds to a step
     * @param prefillSeconds for one prompt token
     * @param verifySeconds  for one drafted piece
     */
    public record Speed(double stepSeconds, double shareSeconds, double prefillSeconds, double verifySeconds) {
    }

    static CloudService of(Speed speed, int sequences, int draftTokens, double acceptance) {
        return new CloudService(Optional.empty(), Optional.of(speed), sequences, 0, draftTokens, acceptance);
    }

    /**
     * With the times of its machine: a straight line through the steps of one sequence and of a full batch, prompts in full chunks, and
     * drafts one at a time.
     */
    CloudService resolved(DesignCatalogue catalogue) {
        return machine.map(server -> new CloudService(machine, Optional.of(speed(server, server.design().costs(catalogue, 0))), sequences,
                radioWatts, draftTokens, acceptance)).orElse(this);
    }

    private Speed speed(Machine server, StepCosts costs) {
        int batch = server.design().batch();
        int chunk = server.design().chunk();
        double alone = costs.seconds(1, server.depth(), 0, 0);
        double share = batch == 1 ? 0 : (costs.seconds(batch, batch * server.depth(), 0, 0) - alone) / (batch - 1);
        return new Speed(alone - share, share, costs.seconds(0, 0, chunk, server.depth() / 2) / chunk,
                costs.seconds(0, 0, draftTokens + 1, server.depth(), draftTokens + 1));
    }

    private Speed known() {
        return speed.orElseThrow(() -> new IllegalStateException("the times of the machine have not been worked out"));
    }

    /** Between two tokens of a sequence, with so many sequences on the server. */
    double tokenSeconds(int busySequences) {
        return known().stepSeconds() + busySequences * known().shareSeconds();
    }

    double prefillSeconds() {
        return known().prefillSeconds();
    }

    double verifySeconds() {
        return known().verifySeconds();
    }
}
