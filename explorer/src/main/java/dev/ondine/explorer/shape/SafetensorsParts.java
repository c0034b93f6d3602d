package dev.ondine.explorer.shape;

import dev.ondine.files.ModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files that a safetensors model in a folder consists of: those that its index names, else its only one. */
final class SafetensorsParts {

    private static final String END = ".safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final long MOST_INDEX_BYTES = 100_000_000;

    private SafetensorsParts() {
    }

    static boolean isPart(String file) {
        return file.matches(".*-\\d{1,6}-of-\\d{1,6}\\.safetensors");
    }

    /** Empty if the folder holds no safetensors. */
    static List<Path> in(Path folder) {
        try {
            Path index = folder.resolve(INDEX);
            if (Files.exists(index)) {
                return named(index, folder);
            }
            try (Stream<Path> files = Files.list(folder)) {
                return only(folder, files.filter(file -> file.getFileName().toString().endsWith(END)).sorted().toList());
            }
        } catch (IOException failure) {
            throw new ModelFileException(folder.toString(), "cannot be read (%s); check the path".formatted(failure), failure);
        }
    }

    private static List<Path> only(Path folder, List<Path> files) {
        List<Path> whole = files.stream().filter(file -> file.getFileName().toString().equals("model" + END)).toList();
        if (whole.isEmpty() && files.size() > 1) {
            throw new ModelFileException(folder.toString(), "holds %d safetensors files, expected %s, which says what belongs together"
                    .formatted(files.size(), INDEX));
        }
        return whole.isEmpty() ? files : whole;
    }

    private static List<Path> named(Path index, Path folder) throws IOException {
        if (Files.size(index) > MOST_INDEX_BYTES) {
            throw new ModelFileException(INDEX, "has %d bytes, expected at most %d; check the path".formatted(Files.size(index), MOST_INDEX_BYTES));
        }
        TreeSet<String> names = new TreeSet<>();
        try {
            for (Map.Entry<String, JsonNode> entry : JsonMapper.shared().readTree(Files.readAllBytes(index)).path("weight_map").properties()) {
                names.add(entry.getValue().asString(""));
            }
        } catch (JacksonException notJson) {
            throw new ModelFileException(INDEX, "is no JSON (%s); download it again".formatted(notJson.getOriginalMessage()), notJson);
        }
        for (String name : names) {
            if (!name.matches("[\\w.-]+\\.safetensors") || !Files.exists(folder.resolve(name))) {
                throw new ModelFileException(INDEX, "names \"%s\", which is no safetensors file beside it; download all parts".formatted(name));
            }
        }
        if (names.isEmpty()) {
            throw new ModelFileException(INDEX, "\"weight_map\" names no files; download it again");
        }
        return names.stream().map(folder::resolve).toList();
    }
}
