package dev.ondine.roofline.catalogue;

import dev.ondine.roofline.shape.AttentionSizes;
import dev.ondine.roofline.shape.FeedForwardSizes;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.RecurrentShapes;
import dev.ondine.roofline.shape.Role;
import dev.ondine.roofline.shape.TransformerSizes;
import dev.ondine.roofline.shape.WeightGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The keys of a model's card that give its shape. They are plain numbers; {@code shape source} says where they come from. */
final class ModelShapeKeys {

    static final List<String> ALL = List.of("shape source", "architecture", "layers", "model dim", "vocab", "tied", "heads", "kv heads",
            "head dim", "window", "windowed layers", "query rank", "latent rank", "plain dim", "rotary dim", "value dim", "ffn dim",
            "ffn matrices", "experts", "active experts", "shared ffn dim", "dense layers", "dense ffn dim", "expert vectors", "positions",
            "layer vectors", "outer vectors", "encoder parameters", "state dim", "conv", "expand");

    private static final long MOST_LAYERS = 10_000;
    private static final long MOST_WIDTH = 1 << 24;
    private static final long MOST_NUMBERS = 1L << 40;

    private final Card card;

    ModelShapeKeys(Card card) {
        this.card = card;
    }

    /** Empty if the card gives no layers. */
    Optional<ModelShape> shape(String name, long contextLength) {
        if (card.field("layers").isEmpty()) {
            ALL.stream().map(card::field).flatMap(Optional::stream).findFirst().ifPresent(field -> {
                throw field.wrong("\"%s\" belongs to a shape, which needs \"layers:\"".formatted(field.key()));
            });
            return Optional.empty();
        }
        card.required("shape source");
        int layers = layers();
        ModelShape shape = switch (card.words("architecture", "transformer")) {
            case "transformer" -> transformer(name, layers, contextLength);
            case "mamba" -> RecurrentShapes.mamba(name, layers, modelDim(), vocab(), width("state dim", 16), width("conv", 4),
                    width("expand", 2), Math.ceilDiv(modelDim(), 16));
            case "rwkv4" -> RecurrentShapes.rwkv4(name, layers, modelDim(), vocab(), contextLength);
            case "rwkv5" -> RecurrentShapes.rwkv5(name, layers, modelDim(), vocab(), contextLength, width("head dim", 64));
            case String other -> throw card.required("architecture").wrong(
                    "architecture: \"%s\", expected one of transformer, mamba, rwkv4, rwkv5".formatted(other));
        };
        return Optional.of(withEncoder(shape));
    }

    private ModelShape transformer(String name, int layers, long contextLength) {
        FeedForwardSizes feedForward = new FeedForwardSizes(number("ffn dim", 1, MOST_WIDTH), (int) number("ffn matrices", 2, 3, 3),
                width("experts", 0), width("active experts", 0), width("shared ffn dim", 0), width("dense layers", 0),
                width("dense ffn dim", 0), number("expert vectors", 0, MOST_NUMBERS, 0));
        return new TransformerSizes(name, layers, modelDim(), attention(layers), feedForward, vocab(), contextLength, flag("tied"),
                number("positions", 0, MOST_NUMBERS, 0), number("layer vectors", 0, MOST_NUMBERS, 2L * modelDim()),
                number("outer vectors", 0, MOST_NUMBERS, modelDim())).shape();
    }

    private AttentionSizes attention(int layers) {
        int heads = (int) number("heads", 1, MOST_WIDTH);
        if (card.field("latent rank").isPresent()) {
            return new AttentionSizes.Latent(heads, width("query rank", 0), (int) number("latent rank", 1, MOST_WIDTH),
                    (int) number("plain dim", 1, MOST_WIDTH), (int) number("rotary dim", 1, MOST_WIDTH), (int) number("value dim", 1, MOST_WIDTH));
        }
        int window = width("window", 0);
        return new AttentionSizes.Grouped(heads, (int) number("kv heads", 1, heads, heads), width("head dim", modelDim() / heads), window,
                (int) number("windowed layers", 0, layers, layers));
    }

    /** What turns images or sounds into tokens takes memory; a step of decoding does not read it. */
    private ModelShape withEncoder(ModelShape shape) {
        long encoder = number("encoder parameters", 0, MOST_NUMBERS, 0);
        if (encoder == 0) {
            return shape;
        }
        List<WeightGroup> weights = new ArrayList<>(shape.weights());
        weights.add(WeightGroup.of("encoder", Role.EMBEDDING, 1, encoder, 1));
        return new ModelShape(shape.name(), shape.layers(), shape.modelDim(), shape.vocabSize(), shape.contextLength(), weights,
                shape.attention(), shape.stateElements(), shape.activeExperts());
    }

    private int layers() {
        return (int) number("layers", 1, MOST_LAYERS);
    }

    private int modelDim() {
        return (int) number("model dim", 1, MOST_WIDTH);
    }

    private long vocab() {
        return number("vocab", 1, MOST_WIDTH);
    }

    private int width(String key, int fallback) {
        return (int) number(key, 0, MOST_WIDTH, fallback);
    }

    private boolean flag(String key) {
        return switch (card.words(key, "no")) {
            case "yes" -> true;
            case "no" -> false;
            case String other -> throw card.required(key).wrong("%s: \"%s\", expected yes or no".formatted(key, other));
        };
    }

    private long number(String key, long least, long most, long fallback) {
        return card.number(key, least, most, fallback);
    }

    private long number(String key, long least, long most) {
        return card.number(key, least, most);
    }
}
