package dev.ondine.explorer.simulate;

import dev.ondine.os.PriorityClass;
import dev.ondine.roofline.formula.Modality;
import java.util.EnumMap;
import java.util.Map;

/**
 * Tasks of one kind that keep coming.
 *
 * @param burst             tasks that come at each arrival
 * @param prompt            tokens by what they stand for
 * @param answer            tokens that are generated
 * @param answerModality    what these stand for
 * @param firstTokenSeconds deadline after the arrival; infinite without
 * @param completionSeconds deadline after the arrival; infinite without
 * @param uploadBytes       sent before the cloud can start
 */
public record TaskStream(String name, PriorityClass priority, Place place, Arrivals arrivals, Amount burst, Map<Modality, Amount> prompt,
        Amount answer, Modality answerModality, double firstTokenSeconds, double completionSeconds, double uploadBytes) {

    public TaskStream {
        prompt = new EnumMap<>(prompt);
    }

    /** Where a stream's tasks run. */
    public enum Place {
        DEVICE,
        CLOUD,
        /** Where the answer is expected to be complete first, judged at the arrival. */
        EITHER,
        /** The device drafts, the cloud verifies; without a link the draft stands. */
        DRAFT
    }
}
