package dev.ondine.explorer.calibrate;

import dev.ondine.synth.SynthModel;
import dev.ondine.tensor.NumberFormat;

/** The machine's own engine, as far as the explorer needs it: makes models with random weights and lets them be timed. */
public interface Workbench {

    /** A model that is ready to run at full speed. @param kvFormat of its cache @param contextLength most tokens of a sequence */
    TimedModel open(SynthModel model, NumberFormat kvFormat, int contextLength, int sequences);

    /** Compute threads. */
    int threads();
}
