package dev.ondine.explorer.shape;

import dev.ondine.explorer.shape.SafetensorsHeader.StoredTensor;
import dev.ondine.files.ModelFileException;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Role;
import dev.ondine.roofline.shape.WeightGroup;
import dev.ondine.tensor.NumberFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The reader of a shape out of the headers of safetensors files and the config.json beside them. */
final class SafetensorsShape {

    private static final String CONFIG = "config.json";
    /** Integers in a larger share of a file than this are weights that a quantiser packed; else they are indexes and masks. */
    private static final double MOST_INTEGERS = 0.1;

    private final String file;
    private final ModelShape told;
    private final List<StoredTensor> tensors;

    private SafetensorsShape(String file, ModelShape told, List<StoredTensor> tensors) {
        this.file = file;
        this.told = told;
        this.tensors = tensors;
    }

    /** One file is the whole model, unless its name says that it is a part. */
    static ModelShape ofFile(Path path) {
        Path folder = path.toAbsolutePath().normalize().getParent();
        String file = path.getFileName().toString();
        return SafetensorsParts.isPart(file) ? ofFolder(folder) : of(file, folder, List.of(path));
    }

    static ModelShape ofFolder(Path folder) {
        List<Path> parts = SafetensorsParts.in(folder);
        Path config = folder.resolve(CONFIG);
        if (parts.isEmpty() && !Files.exists(config)) {
            throw new ModelFileException(folder.toString(), "is a folder with neither safetensors nor config.json; check the path");
        }
        return parts.isEmpty() ? ConfigShape.read(config) : of(folder.toString(), folder, parts);
    }

    private static ModelShape of(String file, Path folder, List<Path> shards) {
        Path config = folder.resolve(CONFIG);
        if (!Files.exists(config)) {
            throw new ModelFileException(file, "there is no config.json beside it, which tells its heads; download that too");
        }
        List<StoredTensor> tensors = new ArrayList<>();
        for (Path shard : shards) {
            tensors.addAll(SafetensorsHeader.read(shard).tensors());
        }
        return new SafetensorsShape(file, ConfigShape.read(config), tensors).shape();
    }

    private ModelShape shape() {
        if (tensors.isEmpty()) {
            throw new ModelFileException(file, "holds no tensors; download it again");
        }
        return isPacked() ? told : new ModelShape(told.name(), told.layers(), told.modelDim(), told.vocabSize(), told.contextLength(),
                weights(), told.attention(), told.stateElements(), told.activeExperts());
    }

    private boolean isPacked() {
        double all = tensors.stream().mapToDouble(StoredTensor::bytes).sum();
        double integers = tensors.stream().filter(tensor -> tensor.type().format().isEmpty()).mapToDouble(StoredTensor::bytes).sum();
        return integers > MOST_INTEGERS * all;
    }

    private List<WeightGroup> weights() {
        WeightCount count = new WeightCount();
        boolean tied = tensors.stream().noneMatch(tensor -> TensorRole.of(tensor.name()).role() == Role.OUTPUT);
        int experts = 1 + tensors.stream().mapToInt(tensor -> TensorRole.of(tensor.name()).expert()).max().orElse(-1);
        for (StoredTensor tensor : tensors) {
            long elements = tensor.bytes() / tensor.type().bytes();
            if (elements > 0 && !isBuffer(tensor)) {
                tensor.type().format().ifPresent(format -> count.add(group(tensor, elements, format, tied)));
            }
        }
        return count.groups().stream().map(group -> withExperts(group, experts)).toList();
    }

    /** Masks and frequencies that some files hold although they are computed. */
    private static boolean isBuffer(StoredTensor tensor) {
        return tensor.name().endsWith(".attn.bias") && tensor.sizes().size() > 1 || tensor.name().endsWith(".masked_bias")
                || tensor.name().endsWith(".rotary_emb.inv_freq");
    }

    private WeightGroup group(StoredTensor tensor, long elements, NumberFormat format, boolean tied) {
        TensorRole name = TensorRole.of(tensor.name());
        List<Long> sizes = tensor.sizes();
        long inputs = sizes.isEmpty() ? 1 : sizes.getLast();
        boolean stacked = name.role() == Role.EXPERT && name.expert() < 0;
        long experts = stacked ? sizes.getFirst() : 1;
        if (stacked && (sizes.size() < 2 || experts != told.experts())) {
            throw new ModelFileException(file, "tensor %s is %s, expected one matrix for each of %d experts (config.json)".formatted(
                    tensor.name(), sizes, told.experts()));
        }
        long outputs = elements / inputs / experts;
        Role role = switch (name.role()) {
            case EMBEDDING -> name.kind().equals("token_embd") && tied ? Role.TIED : Role.EMBEDDING;
            case LAYER -> outputs == 1 ? Role.VECTOR : Role.LAYER;
            default -> name.role();
        };
        return name.kind().equals(TensorRole.ENCODER) ? new WeightGroup(name.kind(), role, 1, elements, 1, 1, Optional.of(format))
                : new WeightGroup(name.kind(), role, outputs, inputs, 1, (int) experts, Optional.of(format));
    }

    /** Experts that are stored one by one come as copies; of a layer there are as many as the largest index tells. */
    private WeightGroup withExperts(WeightGroup group, int experts) {
        if (group.role() != Role.EXPERT || group.experts() > 1) {
            return group;
        }
        if (experts != told.experts() || group.copies() % experts != 0) {
            throw new ModelFileException(file, "holds %d matrices %s, expected %d for each layer (config.json); download all parts".formatted(
                    group.copies(), group.kind(), told.experts()));
        }
        return new WeightGroup(group.kind(), group.role(), group.outputs(), group.inputs(), group.copies() / experts, experts, group.stored());
    }
}
