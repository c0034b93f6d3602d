package dev.ondine.text;

import dev.ondine.files.Metadata;
import dev.ondine.files.ModelFileException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How a family of byte-level vocabularies cuts text into words, under its names in {@code tokenizer.ggml.pre}. */
enum PreTokenizer {
    GPT_2(new Gpt2Words(false), "gpt-2", "default", "phi-2", "mpt", "olmo", "jais", "trillion", "granite-docling", "exaone4"),
    STARCODER(new Gpt2Words(true), "starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b"),
    LLAMA_3(new LlamaWords(3), "llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2"),
    /** Cut like Llama 3, without its other habits. */
    DBRX(new LlamaWords(3), "dbrx", "smaug-bpe"),
    QWEN_2(new LlamaWords(1), "qwen2", "deepseek-r1-qwen", "megrez"),
    DEEPSEEK_CODER(new DeepSeekCoderWords(), "deepseek-coder");

    private static final String KEY = "tokenizer.ggml.pre";

    private final WordScanner scanner;
    private final List<String> names;

    PreTokenizer(WordScanner scanner, String... names) {
        this.scanner = scanner;
        this.names = List.of(names);
    }

    /** The one that the file names; GPT-2's where it names none. */
    static PreTokenizer of(Metadata metadata) {
        String name = metadata.string(KEY, "default");
        for (PreTokenizer each : values()) {
            if (each.names.contains(name)) {
                return each;
            }
        }
        String known = Arrays.stream(values()).flatMap(each -> each.names.stream()).collect(Collectors.joining(", "));
        throw new ModelFileException(metadata.file(), KEY + " is " + name + ", which is not known here; known are " + known
                + "; use a model with one of these");
    }

    WordScanner scanner() {
        return scanner;
    }

    /** Whether a word that is a token as it stands is not merged from its bytes. */
    boolean keepsWholeWords() {
        return this == LLAMA_3;
    }

    /** Whether the family starts a text with the begin token where the file does not say. */
    boolean addsBegin() {
        return this == LLAMA_3;
    }

    /** Whether text is brought to Unicode's composed form (NFC) first. */
    boolean composes() {
        return this == QWEN_2;
    }
}
