package dev.ondine.explorer.validate;

import dev.ondine.explorer.calibrate.SynthShapes;
import dev.ondine.explorer.calibrate.TimedModel;
import dev.ondine.explorer.calibrate.Workbench;
import dev.ondine.roofline.cost.CostModel;
import dev.ondine.roofline.cost.Demand;
import dev.ondine.roofline.cost.Step;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.synth.KnownShapes;
import dev.ondine.synth.SynthModel;
import dev.ondine.synth.SynthShape;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.WeightFormats;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs a grid of models with random weights on the real engine, beside what the cost model says of each. */
public final class Validation {

    private static final double DECODE_SECONDS = 0.6;
    private static final double PROMPT_SECONDS = 1.5;
    private static final int CONTEXT = 4096;
    private static final int SEQUENCES = 8;
    /** Prompt tokens of a step of the runtime. */
    private static final int CHUNK = 512;

    private final Workbench workbench;
    private final CostModel costs;
    private final Consumer<Residual> found;
    private final KnownShapes shapes = new KnownShapes();

    /** @param found told each residual as it is measured */
    public Validation(Workbench workbench, CostModel costs, Consumer<Residual> found) {
        this.workbench = workbench;
        this.costs = costs;
        this.found = found;
    }

    public List<Residual> run(List<Subject> subjects) {
        List<Residual> residuals = new ArrayList<>();
        for (Subject subject : subjects) {
            residuals.addAll(run(subject));
        }
        return residuals;
    }

    private List<Residual> run(Subject subject) {
        SynthShape shape = shapes.named(subject.shape());
        SynthShape draft = draftOf(shape);
        List<Residual> residuals = new ArrayList<>();
        try (TimedModel model = open(shape, subject.format()); TimedModel drafter = open(draft, subject.format())) {
            for (Measurement measurement : subject.measurements()) {
                Prediction prediction = new Prediction(SynthShapes.of(shape), SynthShapes.of(draft), Precision.named(subject.format()));
                Residual residual = new Residual(subject, measurement, rate(measurement, prediction.seconds(measurement)),
                        rate(measurement, measured(measurement, model, drafter)));
                residuals.add(residual);
                found.accept(residual);
            }
        }
        return residuals;
    }

    private TimedModel open(SynthShape shape, String format) {
        return workbench.open(new SynthModel(shape, WeightFormats.named(format), 1), NumberFormat.F16, CONTEXT, SEQUENCES);
    }

    /** A model of the same vocabulary, two layers deep. */
    private static SynthShape draftOf(SynthShape shape) {
        return new SynthShape("draft", shape.architecture(), 2, shape.modelDim(), shape.ffnDim(), shape.heads(), shape.kvHeads(), shape.headDim(),
                shape.vocabSize(), shape.contextLength(), shape.window(), shape.ropeBase(), shape.normEpsilon(), shape.tiedOutput());
    }

    private static double measured(Measurement measurement, TimedModel model, TimedModel drafter) {
        return switch (measurement.kind()) {
            case DECODE -> model.seconds(measurement.step(), DECODE_SECONDS);
            case PREFILL, FIRST_TOKEN -> model.promptSeconds(measurement.tokens(), PROMPT_SECONDS);
            case SPECULATION -> model.seconds(measurement.step(), DECODE_SECONDS)
                    + measurement.batch() * drafter.seconds(Step.decode(1, measurement.tokens()), DECODE_SECONDS);
        };
    }

    private static double rate(Measurement measurement, double seconds) {
        return switch (measurement.kind()) {
            case DECODE -> measurement.batch() / seconds;
            case PREFILL -> measurement.tokens() / seconds;
            case FIRST_TOKEN -> seconds;
            case SPECULATION -> 1 / seconds;
        };
    }

    /** What the cost model says of one model and its draft model. */
    private final class Prediction {

        private final ModelShape shape;
        private final ModelShape draft;
        private final Precision precision;

        Prediction(ModelShape shape, ModelShape draft, Precision precision) {
            this.shape = shape;
            this.draft = draft;
            this.precision = precision;
        }

        double seconds(Measurement measurement) {
            return switch (measurement.kind()) {
                case DECODE -> seconds(shape, measurement.step());
                case PREFILL, FIRST_TOKEN -> promptSeconds(measurement.tokens());
                case SPECULATION -> seconds(shape, measurement.step())
                        + measurement.batch() * seconds(draft, Step.decode(1, measurement.tokens()));
            };
        }

        private double promptSeconds(int tokens) {
            double seconds = 0;
            for (int done = 0; done < tokens; done += CHUNK) {
                seconds += seconds(shape, Step.prefill(Math.min(CHUNK, tokens - done), done, done + CHUNK >= tokens));
            }
            return seconds;
        }

        private double seconds(ModelShape asked, Step step) {
            return costs.time(Demand.of(asked, precision, StoredFormat.of(NumberFormat.F16), step)).seconds();
        }
    }
}
