package dev.ondine.explorer.shape;

import dev.ondine.files.GgufFile;
import dev.ondine.files.Metadata;
import dev.ondine.files.ModelFileException;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Role;
import dev.ondine.roofline.shape.WeightGroup;
import dev.ondine.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The reader of a shape out of the metadata and the tensor table of a GGUF file. */
final class GgufShape {

    private static final Pattern IN_LAYER = Pattern.compile("blk\\.(\\d{1,6})\\.(.+)");
    private static final String EXPERTS = "_exps";
    /** Small matrices that no file quantises. */
    private static final List<String> LIKE_VECTORS = List.of("ssm_a", "ssm_conv1d", "ssm_d", "time_mix_first", "time_mix_decay");
    private static final List<String> TABLES = List.of("token_embd", "position_embd", "token_types", "per_layer_token_embd");
    private static final int MOST_EXPERTS = 65_536;

    private final GgufFile file;
    private final GgufSizes sizes;

    GgufShape(GgufFile file) {
        this.file = file;
        this.sizes = new GgufSizes(file.metadata());
    }

    ModelShape read() {
        Tensor table = file.tensor("token_embd.weight").orElseThrow(() -> refused("it has no token_embd.weight"));
        if (table.shape().columns() != sizes.modelDim()) {
            throw refused("token_embd.weight is %s, expected %d columns (%s)".formatted(table.shape(), sizes.modelDim(),
                    sizes.key("embedding_length")));
        }
        List<WeightGroup> weights = weights();
        Metadata metadata = file.metadata();
        String name = metadata.string("general.name", file.name());
        return new ModelShape(name, sizes.layers(), sizes.modelDim(), table.shape().rows(), sizes.contextLength(), weights,
                new GgufAttention(metadata, sizes).groups(), new GgufState(metadata, sizes).elements(), activeExperts(weights));
    }

    private List<WeightGroup> weights() {
        WeightCount count = new WeightCount();
        boolean tied = file.tensor("output.weight").isEmpty();
        for (Tensor tensor : file.tensors()) {
            count.add(group(tensor, tied));
        }
        return count.groups();
    }

    private WeightGroup group(Tensor tensor, boolean tied) {
        String kind = kind(tensor.name());
        long experts = kind.contains(EXPERTS) ? tensor.shape().sizes()[0] : 1;
        long inputs = tensor.shape().columns();
        long outputs = tensor.shape().elements() / inputs / experts;
        if (experts > MOST_EXPERTS || kind.contains(EXPERTS) && tensor.shape().sizes().length < 2) {
            throw refused("%s is %s, expected at most %d experts of a matrix each".formatted(tensor.name(), tensor.shape(), MOST_EXPERTS));
        }
        return new WeightGroup(kind, role(kind, outputs, tied), outputs, inputs, 1, (int) experts, Optional.of(tensor.format()));
    }

    private String kind(String tensor) {
        Matcher inLayer = IN_LAYER.matcher(tensor);
        String kind = inLayer.matches() ? inLayer.group(2) : tensor;
        if (inLayer.matches() && Integer.parseInt(inLayer.group(1)) >= sizes.layers()) {
            throw refused("tensor %s is of a layer that is not there: %s is %d".formatted(tensor, sizes.key("block_count"), sizes.layers()));
        }
        return kind.endsWith(".weight") ? kind.substring(0, kind.length() - ".weight".length()) : kind;
    }

    private static Role role(String kind, long outputs, boolean tied) {
        if (kind.contains(EXPERTS)) {
            return Role.EXPERT;
        }
        if (outputs == 1 || LIKE_VECTORS.contains(kind)) {
            return Role.VECTOR;
        }
        if (kind.equals("token_embd") && tied) {
            return Role.TIED;
        }
        return TABLES.contains(kind) ? Role.EMBEDDING : kind.equals("output") ? Role.OUTPUT : Role.LAYER;
    }

    private int activeExperts(List<WeightGroup> weights) {
        int stored = weights.stream().filter(group -> group.role() == Role.EXPERT).mapToInt(WeightGroup::experts).max().orElse(0);
        int told = sizes.size("expert_count", 0, MOST_EXPERTS, 0);
        if (told != stored) {
            throw refused("%s is %d, but its tensors hold %d experts a layer; convert the model again".formatted(sizes.key("expert_count"),
                    told, stored));
        }
        return stored == 0 ? 0 : sizes.size("expert_used_count", 1, stored);
    }

    private ModelFileException refused(String problem) {
        return new ModelFileException(file.name(), problem);
    }
}
