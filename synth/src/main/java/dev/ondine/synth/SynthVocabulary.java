package dev.ondine.synth;

import dev.ondine.files.GgufFile;
import dev.ondine.files.Metadata;
import dev.ondine.files.TypedValue;
import dev.ondine.pebble.Pebble;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A byte-level BPE tokenizer of any size. Of the embedded model's size it is that model's own. A smaller one has fewer of its merges; a
 * larger one goes on merging pairs of its syllables, the most frequent first, so that every token is text.
 */
final class SynthVocabulary {

    private static final String PREFIX = "tokenizer.";
    private static final String TOKENS = "tokenizer.ggml.tokens";
    private static final String MERGES = "tokenizer.ggml.merges";
    private static final int BYTES = 256;
    private static final int NORMAL = 1;
    private static final int CONTROL = 3;
    private static final List<String> CONTROLS = List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");
    private static final int LEAST = BYTES + CONTROLS.size();
    /** More than the largest published vocabularies, fewer than there are pairs of syllables. */
    private static final int MOST = 300_000;
    private static final Pattern SYLLABLE = Pattern.compile("Ġ?[a-zA-Z]+");

    private final Metadata pebble;
    private final List<String> tokens;
    private final List<String> merges = new ArrayList<>();

    private SynthVocabulary(Metadata pebble, int size) {
        this.pebble = pebble;
        String[] known = pebble.strings(TOKENS);
        String[] knownMerges = pebble.strings(MERGES);
        int kept = Math.min(knownMerges.length, size - LEAST);
        tokens = new ArrayList<>(Arrays.asList(known).subList(0, BYTES + kept));
        merges.addAll(Arrays.asList(knownMerges).subList(0, kept));
        mergeSyllables(size - CONTROLS.size());
        tokens.addAll(CONTROLS);
    }

    /** @throws IllegalArgumentException if there is no vocabulary of this size */
    static void requireSize(int size) {
        if (size < LEAST || size > MOST) {
            throw new IllegalArgumentException("vocabulary: found %d tokens, expected %d to %d".formatted(size, LEAST, MOST));
        }
    }

    /** Puts {@code tokenizer.*} of a vocabulary of this size. */
    static void addTo(Map<String, Object> metadata, int size) {
        Metadata pebble = pebble();
        if (pebble.strings(TOKENS).length == size) {
            pebble.keys().stream().filter(key -> key.startsWith(PREFIX)).forEach(key -> metadata.put(key, pebble.typedValue(key)));
        } else {
            new SynthVocabulary(pebble, size).addTo(metadata);
        }
    }

    private static Metadata pebble() {
        try (InputStream bytes = Pebble.open(); GgufFile file = GgufFile.read(Pebble.NAME, bytes, Pebble.BYTES)) {
            return file.metadata();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Pairs in squares around the most frequent pair, each square from its edge's beginning. */
    private void mergeSyllables(int size) {
        List<String> left = tokens.stream().filter(token -> SYLLABLE.matcher(token).matches()).toList();
        List<String> right = left.stream().filter(token -> !token.startsWith("Ġ")).toList();
        Set<String> taken = new HashSet<>(tokens);
        for (int edge = 0; tokens.size() < size; edge++) {
            for (int i = 0; i <= edge && tokens.size() < size; i++) {
                merge(left, edge, right, i, taken);
                if (i < edge && tokens.size() < size) {
                    merge(left, i, right, edge, taken);
                }
            }
        }
    }

    private void merge(List<String> left, int leftIndex, List<String> right, int rightIndex, Set<String> taken) {
        if (leftIndex < left.size() && rightIndex < right.size()) {
            String merged = left.get(leftIndex) + right.get(rightIndex);
            if (taken.add(merged)) {
                tokens.add(merged);
                merges.add(left.get(leftIndex) + " " + right.get(rightIndex));
            }
        }
    }

    private void addTo(Map<String, Object> metadata) {
        int size = tokens.size();
        int[] types = new int[size];
        Arrays.fill(types, NORMAL);
        Arrays.fill(types, size - CONTROLS.size(), size, CONTROL);
        metadata.put("tokenizer.ggml.model", pebble.string("tokenizer.ggml.model"));
        metadata.put("tokenizer.ggml.pre", pebble.string("tokenizer.ggml.pre"));
        metadata.put(TOKENS, tokens.toArray(String[]::new));
        metadata.put("tokenizer.ggml.token_type", types);
        metadata.put(MERGES, merges.toArray(String[]::new));
        metadata.put("tokenizer.ggml.bos_token_id", TypedValue.unsigned(size - 3));
        metadata.put("tokenizer.ggml.eos_token_id", TypedValue.unsigned(size - 1));
        metadata.put("tokenizer.ggml.add_bos_token", false);
    }
}
