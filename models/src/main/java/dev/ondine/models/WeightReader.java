package dev.ondine.models;

import dev.ondine.files.GgufFile;
import dev.ondine.files.ModelFileException;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;
import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.Weight;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Hands out the tensors of a model file by name, checks each shape, and notices tensors that nobody asked for. */
final class WeightReader {

    private final GgufFile file;
    private final Kernels kernels;
    private final Set<String> taken = new HashSet<>();

    /** @param kernels say in which form they want a matrix */
    WeightReader(GgufFile file, Kernels kernels) {
        this.file = file;
        this.kernels = kernels;
    }

    /** A weight matrix [rows, columns] in any decodable format, as the kernels want it. */
    Weight matrix(String name, int rows, int columns) {
        return optionalMatrix(name, rows, columns).orElseThrow(() -> missing(name, Shape.of(rows, columns)));
    }

    Optional<Weight> optionalMatrix(String name, int rows, int columns) {
        return take(name, Shape.of(rows, columns)).map(this::requireDecodable).map(kernels::weight);
    }

    /** A table [rows, columns] in any decodable format, as it lies in the file, whose rows are looked up. */
    Tensor table(String name, int rows, int columns) {
        return take(name, Shape.of(rows, columns)).map(this::requireDecodable).orElseThrow(() -> missing(name, Shape.of(rows, columns)));
    }

    /** A table that is multiplied by as well. */
    Weight matrix(Tensor table) {
        return kernels.weight(table);
    }

    /** A vector [size] of F32. */
    Tensor vector(String name, int size) {
        return optionalVector(name, size).orElseThrow(() -> missing(name, Shape.of(size)));
    }

    Optional<Tensor> optionalVector(String name, int size) {
        return take(name, Shape.of(size)).map(this::requireF32);
    }

    /** One layer after another, each read under its prefix {@code blk.N.}. */
    static <L> List<L> layers(int count, Function<String, L> reader) {
        return IntStream.range(0, count).mapToObj(index -> reader.apply("blk." + index + ".")).toList();
    }

    /** @throws ModelFileException if the file holds a tensor that the architecture did not ask for */
    void requireAllTaken(String architecture) {
        for (Tensor tensor : file.tensors()) {
            if (!taken.contains(tensor.name())) {
                throw refused("tensor %s is not part of architecture %s as Ondine knows it; the result would be wrong without it"
                        .formatted(tensor.name(), architecture));
            }
        }
    }

    private Optional<Tensor> take(String name, Shape expected) {
        Optional<Tensor> tensor = file.tensor(name);
        tensor.ifPresent(found -> {
            if (!found.shape().equals(expected)) {
                throw refused("tensor %s is %s, expected %s by the file's metadata; download the file again"
                        .formatted(name, found.shape(), expected));
            }
            taken.add(name);
        });
        return tensor;
    }

    private Tensor requireDecodable(Tensor tensor) {
        if (!tensor.format().isDecodable()) {
            throw refused("tensor %s is %s, which Ondine cannot compute with yet; use a file in another format, for instance Q4_K_M or Q8_0"
                    .formatted(tensor.name(), tensor.format()));
        }
        return tensor;
    }

    private Tensor requireF32(Tensor tensor) {
        if (tensor.format() != NumberFormat.F32) {
            throw refused("tensor %s is %s, expected F32".formatted(tensor.name(), tensor.format()));
        }
        return tensor;
    }

    private ModelFileException missing(String name, Shape shape) {
        return refused("tensor %s %s is missing; download the file again".formatted(name, shape));
    }

    private ModelFileException refused(String problem) {
        return new ModelFileException(file.name(), problem);
    }
}
