package dev.ondine.explorer.shape;

import dev.ondine.files.GgufFile;
import dev.ondine.files.ModelFileException;
import dev.ondine.roofline.shape.ModelShape;
import java.nio.file.Files;
import java.nio.file.Path;

/** The shape of a model in a file: GGUF, safetensors or config.json. Only headers are read. */
public final class ShapeFile {

    private ShapeFile() {
    }

    /**
     * Reads a shape. From GGUF and safetensors every group of weights has the format that it is stored in. A safetensors file needs
     * {@code config.json} beside it, which says what the tensors do not: heads, windows, experts that a token uses. Weights packed by
     * a quantiser into integers have the sizes of {@code config.json} and no format.
     *
     * @param path a GGUF file, or one part of a split one; a safetensors file; a config.json; or a folder of the latter two
     * @throws ModelFileException saying file, field, found and expected, if the file is bad or its architecture not known
     */
    public static ModelShape read(Path path) {
        if (Files.isDirectory(path)) {
            return SafetensorsShape.ofFolder(path);
        }
        String name = path.toString();
        if (name.endsWith(".safetensors")) {
            return SafetensorsShape.ofFile(path);
        }
        if (name.endsWith(".json")) {
            return ConfigShape.read(path);
        }
        try (GgufFile file = GgufFile.open(path)) {
            return of(file);
        }
    }

    /** The shape of an open GGUF file. */
    public static ModelShape of(GgufFile file) {
        return new GgufShape(file).read();
    }
}
