package dev.ondine.bench;

import dev.ondine.fixtures.RandomModel;
import dev.ondine.tensor.NumberFormat;
import java.nio.file.Path;

/** Writes a random model of 1.2 billion parameters, so that speed can be measured without a download. */
public final class MakeModel {

    private MakeModel() {
    }

    /** @param arguments the number format and the file to write */
    public static void main(String[] arguments) {
        NumberFormat format = NumberFormat.valueOf(arguments[0]);
        new RandomModel("llama", RandomModel.Sizes.LLAMA_1B, format, 0, 1).write(Path.of(arguments[1]));
    }
}
