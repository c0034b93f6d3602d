package dev.ondine.explorer.simulate;

/**
 * What the cloud takes for a task. A server that works on b sequences gives each of them a token every step + b x share seconds.
 *
 * @param stepSeconds    of a step, whatever the number of sequences
 * @param shareSeconds   that each sequence adds to a step
 * @param prefillSeconds for one prompt token
 * @param verifySeconds  for one drafted piece
 * @param sequences      that a server works on at once when nothing else tells: one device alone
 * @param radioWatts     that the device draws while it sends or waits
 * @param draftTokens    that the device drafts for one verification
 * @param acceptance     chance that a drafted token stands
 */
public record CloudService(double stepSeconds, double shareSeconds, double prefillSeconds, double verifySeconds, int sequences,
        double radioWatts, int draftTokens, double acceptance) {

    /** Between two tokens of a sequence, with so many sequences on the server. */
    double tokenSeconds(int busySequences) {
        return stepSeconds + busySequences * shareSeconds;
    }
}
