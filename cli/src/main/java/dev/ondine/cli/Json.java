package dev.ondine.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON from and to plain values: maps in order, lists, arrays, strings, numbers. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {
    }

    /** An object from names and values in turn. */
    static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    /** The one line of standard output that {@code --json} promises. */
    static void print(Console console, Object value) {
        console.out().println(MAPPER.writeValueAsString(value));
        console.out().flush();
    }

    /** What a text means that is JSON. */
    static Object parsed(String json) {
        return MAPPER.readValue(json, Object.class);
    }

    /** A file that holds an object, its names in order. @throws IllegalArgumentException if it holds something else */
    static Map<String, Object> object(Path path) {
        Map<String, Object> object = new LinkedHashMap<>();
        if (!(read(path) instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(path + ": expected a JSON object");
        }
        map.forEach((name, value) -> object.put((String) name, value));
        return object;
    }

    /** A file that holds an array. @throws IllegalArgumentException if it holds something else */
    static List<Object> array(Path path) {
        if (!(read(path) instanceof List<?> list)) {
            throw new IllegalArgumentException(path + ": expected a JSON array");
        }
        return new ArrayList<>(list);
    }

    private static Object read(Path path) {
        try {
            return MAPPER.readValue(InputFile.bytes(path), Object.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(path + ": is no JSON, " + e.getOriginalMessage() + location(e), e);
        }
    }

    private static String location(JacksonException failure) {
        return failure.getLocation() == null ? "" : " at line " + failure.getLocation().getLineNr();
    }

    /** Writes a file for its owner alone: a reader sees the old contents or the new ones, never a part. */
    static void write(Path path, Object value) {
        OutputFile.requirePlace(path);
        Path target = path.toAbsolutePath();
        try {
            Path fresh = Files.createTempFile(target.getParent(), target.getFileName().toString(), ".part");
            try {
                Files.writeString(fresh, MAPPER.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value));
                Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (AccessDeniedException e) {
            throw new UncheckedIOException(new AccessDeniedException(path.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
