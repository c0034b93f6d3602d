package dev.ondine.explorer.shape;

import dev.ondine.files.ModelFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tensor table of a safetensors file.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">safetensors, format</a>
 */
record SafetensorsHeader(String file, List<StoredTensor> tensors) {

    /** What the reference reader allows. */
    private static final long MOST_HEADER_BYTES = 100_000_000;
    private static final int MOST_DIMENSIONS = 16;
    private static final String METADATA = "__metadata__";

    /**
     * One line of the table, checked against itself and the file.
     *
     * @param sizes outermost first
     */
    record StoredTensor(String name, SafetensorsType type, List<Long> sizes, long bytes) {
    }

    static SafetensorsHeader read(Path path) {
        String file = path.getFileName().toString();
        try (FileChannel channel = FileChannel.open(path)) {
            long headerBytes = headerBytes(file, channel);
            byte[] json = bytes(file, channel, headerBytes);
            return new SafetensorsHeader(file, tensors(file, JsonMapper.shared().readTree(json), channel.size() - Long.BYTES - headerBytes));
        } catch (JacksonException notJson) {
            throw new ModelFileException(file, "its header is no JSON (%s); download it again".formatted(notJson.getOriginalMessage()), notJson);
        } catch (IOException failure) {
            throw new ModelFileException(file, "cannot be read (%s); check the path".formatted(failure), failure);
        }
    }

    private static long headerBytes(String file, FileChannel channel) throws IOException {
        long length = ByteBuffer.wrap(bytes(file, channel, Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getLong();
        long most = Math.min(MOST_HEADER_BYTES, channel.size() - Long.BYTES);
        if (length < 2 || length > most) {
            throw new ModelFileException(file, "its header has %s bytes, expected 2 to %d; download it again".formatted(
                    Long.toUnsignedString(length), most));
        }
        return length;
    }

    private static byte[] bytes(String file, FileChannel channel, long count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(count));
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new ModelFileException(file, "ends within its header; download it again");
            }
        }
        return buffer.array();
    }

    private static List<StoredTensor> tensors(String file, JsonNode header, long dataBytes) {
        if (!header.isObject()) {
            throw new ModelFileException(file, "its header is no JSON object; download it again");
        }
        List<StoredTensor> tensors = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            if (!entry.getKey().equals(METADATA)) {
                tensors.add(tensor(file, entry.getKey(), entry.getValue(), dataBytes));
            }
        }
        return tensors;
    }

    private static StoredTensor tensor(String file, String name, JsonNode line, long dataBytes) {
        SafetensorsType type = SafetensorsType.named(line.path("dtype").asString("")).orElseThrow(() -> refused(file, name, "dtype",
                line.path("dtype"), "one of " + SafetensorsType.names()));
        List<Long> sizes = numbers(file, name, "shape", line.path("shape"));
        List<Long> offsets = numbers(file, name, "data_offsets", line.path("data_offsets"));
        long bytes;
        try {
            bytes = sizes.stream().reduce((long) type.bytes(), Math::multiplyExact);
        } catch (ArithmeticException overflow) {
            throw refused(file, name, "shape", line.path("shape"), "fewer than 2^63 numbers");
        }
        if (offsets.size() != 2 || offsets.get(1) > dataBytes || offsets.get(1) - offsets.get(0) != bytes) {
            throw refused(file, name, "data_offsets", line.path("data_offsets"),
                    "%d bytes (%s %s) within the %d bytes of data".formatted(bytes, type, sizes, dataBytes));
        }
        return new StoredTensor(name, type, sizes, bytes);
    }

    private static List<Long> numbers(String file, String name, String field, JsonNode array) {
        List<Long> numbers = new ArrayList<>();
        boolean sound = array.isArray() && array.size() <= MOST_DIMENSIONS;
        for (int i = 0; sound && i < array.size(); i++) {
            JsonNode number = array.get(i);
            sound = number.isIntegralNumber() && number.canConvertToLong() && number.longValue() >= 0;
            numbers.add(number.asLong(0));
        }
        if (!sound) {
            throw refused(file, name, field, array, "at most %d whole numbers from 0".formatted(MOST_DIMENSIONS));
        }
        return numbers;
    }

    private static ModelFileException refused(String file, String name, String field, JsonNode found, String expected) {
        String tensor = name.length() > 80 ? name.substring(0, 80) + "…" : name;
        return new ModelFileException(file, "tensor %s: %s is %s, expected %s; download it again".formatted(
                tensor.replaceAll("\\p{Cntrl}", "?"), field, found.isMissingNode() ? "missing" : found, expected));
    }
}
