package dev.ondine.pebble;

import java.io.InputStream;

/** The model that Ondine carries inside: 5.5 million parameters, Llama architecture, Q8_0. See docs/embedded-model.md. */
public final class Pebble {

    /** The name that commands print for it. */
    public static final String NAME = "pebble";

    /** Size of the GGUF file. */
    public static final long BYTES = 5_955_008;

    private Pebble() {
    }

    /** The GGUF file; the caller closes it. */
    public static InputStream open() {
        return Pebble.class.getResourceAsStream("pebble-q8_0.gguf");
    }
}
