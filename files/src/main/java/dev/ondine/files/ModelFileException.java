package dev.ondine.files;

/** A refusal of a model file. The message says which file, what was found, what was expected and what to do. */
public final class ModelFileException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String file;

    /** @param problem what was found, what was expected and what to do; the message is {@code file: problem} */
    public ModelFileException(String file, String problem) {
        this(file, problem, null);
    }

    /** The same, with the failure of the file system behind it. */
    public ModelFileException(String file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
        this.file = file;
    }

    /** The name of the file, as in the message. */
    public String file() {
        return file;
    }
}
