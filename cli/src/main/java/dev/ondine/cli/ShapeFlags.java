package dev.ondine.cli;

import dev.ondine.synth.KnownShapes;
import dev.ondine.synth.SynthShape;
import java.util.Iterator;
import picocli.CommandLine.Option;

/** The options that say what a made-up model looks like: a known shape, sizes, or a shape with some sizes changed. */
final class ShapeFlags {

    private final KnownShapes known = new KnownShapes();

    @Option(names = "--shape", paramLabel = "NAME", completionCandidates = Names.class,
            description = "Shape of a published model: ${COMPLETION-CANDIDATES}. Sizes given beside it replace its own.")
    private String shape;

    @Option(names = "--layers", paramLabel = "N", description = "Layers.")
    private Integer layers;

    @Option(names = "--dim", paramLabel = "N", description = "Width of the model.")
    private Integer modelDim;

    @Option(names = "--ffn", paramLabel = "N", description = "Width of the feed-forward part.")
    private Integer ffnDim;

    @Option(names = "--heads", paramLabel = "N", description = "Attention heads.")
    private Integer heads;

    @Option(names = "--kv-heads", paramLabel = "N", description = "Key-value heads (without a shape: as many as heads).")
    private Integer kvHeads;

    @Option(names = "--head-dim", paramLabel = "N", description = "Width of a head (without a shape: width of the model / heads).")
    private Integer headDim;

    @Option(names = "--vocab", paramLabel = "N",
            description = "Tokens of the vocabulary (without a shape: the embedded model's 3072; llama-1b: 50304).")
    private Integer vocabSize;

    @Option(names = {"-c", "--context"}, paramLabel = "N", description = "Context length that the file states.")
    private Integer contextLength;

    /** The names of the table, for the help. */
    static final class Names implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return new KnownShapes().names().iterator();
        }
    }

    SynthShape chosen(BasicOptions options) {
        return options.checked(() -> shape == null ? custom(options) : resized(known.named(shape)));
    }

    private SynthShape custom(BasicOptions options) {
        if (layers == null || modelDim == null || ffnDim == null || heads == null) {
            throw options.wrongUse("--shape is missing, or else all of --layers, --dim, --ffn and --heads");
        }
        options.atLeastOne("--heads", heads);
        kvHeads = or(kvHeads, heads);
        headDim = or(headDim, modelDim / heads);
        return resized(known.custom());
    }

    private SynthShape resized(SynthShape base) {
        return new SynthShape(base.name(), base.architecture(), or(layers, base.layers()), or(modelDim, base.modelDim()),
                or(ffnDim, base.ffnDim()), or(heads, base.heads()), or(kvHeads, base.kvHeads()), or(headDim, base.headDim()),
                or(vocabSize, base.vocabSize()), or(contextLength, base.contextLength()), base.window(), base.ropeBase(),
                base.normEpsilon(), base.tiedOutput());
    }

    private static int or(Integer given, int base) {
        return given == null ? base : given;
    }
}
