package dev.ondine.synth;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The shapes of published models, read from {@code shapes.txt}. */
public final class KnownShapes {

    /** The line that sizes are taken from which nobody gives. */
    private static final String CUSTOM = "custom";

    private final List<SynthShape> shapes;

    public KnownShapes() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                KnownShapes.class.getResourceAsStream("shapes.txt"), StandardCharsets.UTF_8))) {
            shapes = lines.lines().filter(line -> !line.startsWith("#")).map(KnownShapes::parse).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SynthShape parse(String line) {
        String[] cells = line.split(" +");
        int[] sizes = new int[9];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Integer.parseInt(cells[2 + i]);
        }
        return new SynthShape(cells[0], cells[1], sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5], sizes[6], sizes[7], sizes[8],
                Float.parseFloat(cells[11]), Float.parseFloat(cells[12]), cells[13].equals("tied"));
    }

    /** All names, in the order of the table. */
    public List<String> names() {
        return shapes.stream().map(SynthShape::name).filter(name -> !name.equals(CUSTOM)).toList();
    }

    /** @throws IllegalArgumentException naming all shapes if there is none of this name */
    public SynthShape named(String name) {
        return shapes.stream().filter(shape -> shape.name().equals(name) && !name.equals(CUSTOM)).findAny()
                .orElseThrow(() -> new IllegalArgumentException("there is no shape \"%s\", expected one of %s"
                        .formatted(name, String.join(", ", names()))));
    }

    /** A small Llama whose sizes are meant to be replaced. */
    public SynthShape custom() {
        return shapes.getLast();
    }
}
