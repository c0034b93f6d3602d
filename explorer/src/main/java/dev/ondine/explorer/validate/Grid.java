package dev.ondine.explorer.validate;

import java.util.ArrayList;
import java.util.List;

/** The models and measurements that predictions are held to. */
public final class Grid {

    private static final int DRAFTED = 4;

    private Grid() {
    }

    /**
     * Shapes x formats x depths x batches x prompts x drafting. The held-out part has shapes of its own, and formats that the other
     * part does not show.
     */
    public static List<Subject> full() {
        List<Subject> subjects = new ArrayList<>(tuning());
        subjects.add(heldOut("qwen3-0.6b", "Q4_0"));
        subjects.add(heldOut("qwen3-0.6b", "Q6_K"));
        subjects.add(heldOut("tinyllama-1.1b", "Q5_K_M"));
        subjects.add(heldOut("tinyllama-1.1b", "IQ4_NL"));
        subjects.add(heldOut("gemma3-1b", "Q8_0"));
        subjects.add(heldOut("qwen2.5-1.5b", "Q4_K_M"));
        subjects.add(heldOut("qwen2.5-1.5b", "MXFP4"));
        subjects.add(heldOut("llama-3b", "Q4_0"));
        return List.copyOf(subjects);
    }

    /** The part that the cost model was tuned on. */
    public static List<Subject> tuning() {
        return List.of(tuned("llama-1b", "Q4_0"), tuned("llama-1b", "Q4_K_M"), tuned("llama-1b", "F16"),
                tuned("qwen2.5-0.5b", "Q8_0"));
    }

    private static Subject tuned(String shape, String format) {
        return new Subject(shape, format, false, measurements());
    }

    private static Subject heldOut(String shape, String format) {
        return new Subject(shape, format, true, measurements());
    }

    private static List<Measurement> measurements() {
        return List.of(Measurement.decode(16, 1), Measurement.decode(1000, 1), Measurement.decode(3000, 1), Measurement.decode(16, 4),
                Measurement.decode(500, 4), Measurement.decode(16, 8), Measurement.decode(500, 8), Measurement.prefill(512),
                Measurement.prefill(1500), Measurement.firstToken(20), Measurement.firstToken(100), Measurement.firstToken(700),
                Measurement.speculation(100, DRAFTED));
    }
}
