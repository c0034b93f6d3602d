package dev.ondine.files;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All parts of a model that is split over several files, by the keys and names of llama.cpp's {@code llama-gguf-split}: finds and opens
 * them, and makes the header of each. The first part holds the model's metadata.
 */
final class SplitParts {

    static final String INDEX_KEY = "split.no";
    static final String COUNT_KEY = "split.count";
    static final String TENSORS_KEY = "split.tensors.count";

    private SplitParts() {
    }

    static boolean isSplit(GgufPart part) {
        return part.header().metadata().integer(COUNT_KEY, 1) > 1;
    }

    /** All parts in order, given any one of them. */
    static List<GgufPart> all(Path path, GgufPart given, Arena arena) {
        SplitName name = name(given);
        List<GgufPart> parts = new ArrayList<>();
        for (int index = 0; index < name.parts(); index++) {
            GgufPart part = isIndex(given, index) ? given : open(path.resolveSibling(name.part(index)), name.parts(), arena);
            requirePlace(part, index, name.parts());
            parts.add(part);
        }
        requireTensorCount(parts);
        return parts;
    }

    private static GgufPart open(Path path, int count, Arena arena) {
        if (Files.notExists(path)) {
            throw new ModelFileException(path.getFileName().toString(),
                    "is missing; put all %d parts into one folder".formatted(count));
        }
        return GgufPart.map(path, arena);
    }

    private static SplitName name(GgufPart part) {
        int count = part.header().metadata().integer(COUNT_KEY);
        Optional<SplitName> name = SplitName.of(part.file());
        if (name.isEmpty() || name.get().parts() != count) {
            throw new ModelFileException(part.file(),
                    "is one of %d parts of a model, expected a name like model-00001-of-%05d.gguf; rename all parts"
                            .formatted(count, count));
        }
        return name.get();
    }

    private static boolean isIndex(GgufPart part, int index) {
        return part.header().metadata().integer(INDEX_KEY) == index;
    }

    private static void requirePlace(GgufPart part, int index, int count) {
        Metadata metadata = part.header().metadata();
        int foundIndex = metadata.integer(INDEX_KEY);
        int foundCount = metadata.integer(COUNT_KEY);
        if (foundIndex != index || foundCount != count) {
            throw new ModelFileException(part.file(), "says it is part %d of %d, expected part %d of %d; download it again"
                    .formatted(foundIndex + 1, foundCount, index + 1, count));
        }
    }

    private static void requireTensorCount(List<GgufPart> parts) {
        int found = 0;
        for (GgufPart part : parts) {
            found += part.header().tensors().size();
        }
        Metadata metadata = parts.getFirst().header().metadata();
        int expected = metadata.integer(TENSORS_KEY, found);
        if (found != expected) {
            throw new ModelFileException(metadata.file(), "%d parts hold %d tensors, expected %d; download them again".formatted(
                    parts.size(), found, expected));
        }
    }

    /** What one part's header says: the first all of the model's metadata, the others their place. */
    static Metadata metadata(Metadata model, int index, int count, int tensors) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String key : model.keys()) {
            if (index == 0 || key.equals(GgufHeader.ALIGNMENT_KEY)) {
                values.put(key, model.typedValue(key));
            }
        }
        values.put(INDEX_KEY, new TypedValue(GgufType.UINT16, null, index));
        values.put(COUNT_KEY, new TypedValue(GgufType.UINT16, null, count));
        values.put(TENSORS_KEY, tensors);
        return Metadata.of(model.file(), values);
    }
}
