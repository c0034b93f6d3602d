package dev.ondine.text;

import dev.ondine.files.Metadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Small vocabularies, trained here on a few sentences, so that tokenizers can be tested anywhere. */
final class TinyVocabularies {

    private static final String SAMPLE = "the quick brown fox isn't jumping over the lazy dog, it's 1234567 words the other day "
            + "there and then; Привет 你好 你好 the brown dog's über über naïve (foo)(bar) {\n\t\tfoo();\n\t\tbar();\n}\n  two  spaces ";

    private TinyVocabularies() {
    }

    /** All bytes, the merges of the sample, two marks and a user-defined token. */
    static Map<String, Object> byteLevel(String pre) {
        List<String> tokens = new ArrayList<>(letters());
        List<String> merges = new ArrayList<>();
        List<List<String>> words = new ArrayList<>();
        for (String word : PreTokenizerTest.splitByRegex(PreTokenizer.GPT_2, SAMPLE)) {
            words.add(new ArrayList<>(spelled(word)));
        }
        for (String pair = mostFrequent(words); merges.size() < 120 && pair != null; pair = mostFrequent(words)) {
            String[] sides = pair.split(" ");
            merges.add(pair);
            tokens.add(sides[0] + sides[1]);
            words.forEach(word -> join(word, sides));
        }
        int[] types = new int[tokens.size() + 3];
        Arrays.fill(types, 1);
        types[tokens.size()] = 3;
        types[tokens.size() + 1] = 3;
        types[tokens.size() + 2] = 4;
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.pre", pre);
        metadata.put("tokenizer.ggml.bos_token_id", tokens.size());
        metadata.put("tokenizer.ggml.eos_token_id", tokens.size() + 1);
        Collections.addAll(tokens, "<s>", "<|im_end|>", "<tool>");
        metadata.put("tokenizer.ggml.tokens", tokens.toArray(String[]::new));
        metadata.put("tokenizer.ggml.token_type", types);
        metadata.put("tokenizer.ggml.merges", merges.toArray(String[]::new));
        return metadata;
    }

    /** Unknown, begin and end, all bytes, and pieces of the sample with falling scores. */
    static Map<String, Object> sentencePiece() {
        List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        for (int value = 0; value < 256; value++) {
            tokens.add("<0x%02X>".formatted(value));
        }
        String text = ("▁" + SAMPLE.replace(' ', '▁')).replaceAll("[\n\t你]", "");
        for (int length = 2; length <= 5; length++) {
            for (int from = 0; from + length <= text.length(); from += 3) {
                tokens.add(text.substring(from, from + length));
            }
        }
        text.codePoints().mapToObj(Character::toString).forEach(tokens::add);
        tokens = new ArrayList<>(new LinkedHashSet<>(tokens));
        float[] scores = new float[tokens.size()];
        int[] types = new int[tokens.size()];
        for (int token = 0; token < scores.length; token++) {
            // Scores come twice each, so that ties are tested too.
            scores[token] = token < 259 ? 0 : -(token / 2);
            types[token] = token == 0 ? 2 : token < 3 ? 3 : token < 259 ? 6 : 1;
        }
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("tokenizer.ggml.model", "llama");
        metadata.put("tokenizer.ggml.tokens", tokens.toArray(String[]::new));
        metadata.put("tokenizer.ggml.scores", scores);
        metadata.put("tokenizer.ggml.token_type", types);
        return metadata;
    }

    static Tokenizer tokenizer(Map<String, Object> metadata) {
        return Tokenizer.of(Metadata.of("tiny.gguf", metadata));
    }

    /** GPT-2's letters for the bytes 0 to 255, written as its authors do. */
    private static List<String> letters() {
        List<String> letters = new ArrayList<>();
        int others = 0;
        for (int value = 0; value < 256; value++) {
            boolean printable = value > 32 && value < 127 || value > 160 && value < 173 || value > 173;
            letters.add(Character.toString(printable ? value : 256 + others++));
        }
        return letters;
    }

    /** The letters of a text's bytes. */
    static List<String> spelled(String text) {
        List<String> letters = letters();
        List<String> spelled = new ArrayList<>();
        for (byte value : Utf8.encode(text)) {
            spelled.add(letters.get(value & 0xFF));
        }
        return spelled;
    }

    private static String mostFrequent(List<List<String>> words) {
        Map<String, Integer> counts = new HashMap<>();
        for (List<String> word : words) {
            for (int i = 0; i + 1 < word.size(); i++) {
                counts.merge(word.get(i) + " " + word.get(i + 1), 1, Integer::sum);
            }
        }
        return counts.entrySet().stream().max(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey).orElse(null);
    }

    private static void join(List<String> word, String[] sides) {
        for (int i = 0; i + 1 < word.size(); i++) {
            if (word.get(i).equals(sides[0]) && word.get(i + 1).equals(sides[1])) {
                word.set(i, sides[0] + sides[1]);
                word.remove(i + 1);
            }
        }
    }
}
