package dev.ondine.explorer.shape;

import dev.ondine.files.Metadata;
import dev.ondine.files.ModelFileException;
import java.util.Arrays;

/** The sizes in a GGUF file's metadata, under keys that begin with its architecture, each checked against a range. */
final class GgufSizes {

    static final int MOST_LAYERS = 10_000;
    static final int MOST_WIDTH = 1 << 24;

    private final Metadata metadata;
    private final String architecture;

    GgufSizes(Metadata metadata) {
        this.metadata = metadata;
        this.architecture = metadata.string("general.architecture");
    }

    String architecture() {
        return architecture;
    }

    /** The full key: {@code llama.block_count}. */
    String key(String suffix) {
        return architecture + "." + suffix;
    }

    boolean has(String suffix) {
        return metadata.has(key(suffix));
    }

    int layers() {
        return size("block_count", 1, MOST_LAYERS);
    }

    int modelDim() {
        return size("embedding_length", 1, MOST_WIDTH);
    }

    /** 0 where the file does not say. */
    long contextLength() {
        return size("context_length", 0, Integer.MAX_VALUE, 0);
    }

    int size(String suffix, int least, int most) {
        return checked(suffix, metadata.integer(key(suffix)), least, most);
    }

    int size(String suffix, int least, int most, int fallback) {
        return has(suffix) ? size(suffix, least, most) : fallback;
    }

    /** A size that is the same in all layers, or one for each layer. */
    int[] perLayer(String suffix, int most, int fallback) {
        int[] sizes = new int[layers()];
        if (!has(suffix) || !isArray(suffix)) {
            Arrays.fill(sizes, size(suffix, 0, most, fallback));
            return sizes;
        }
        int[] given = metadata.integers(key(suffix));
        if (given.length < sizes.length) {
            throw refused(suffix, given.length + " numbers", "one for each of " + sizes.length + " layers");
        }
        for (int layer = 0; layer < sizes.length; layer++) {
            sizes[layer] = checked(suffix, given[layer], 0, most);
        }
        return sizes;
    }

    boolean isArray(String suffix) {
        return metadata.typedValue(key(suffix)).value().getClass().isArray();
    }

    ModelFileException refused(String suffix, String found, String expected) {
        return new ModelFileException(metadata.file(), "%s is %s, expected %s; download the file again".formatted(key(suffix), found, expected));
    }

    private int checked(String suffix, int value, int least, int most) {
        if (value < least || value > most) {
            throw refused(suffix, Integer.toString(value), least + " to " + most);
        }
        return value;
    }
}
