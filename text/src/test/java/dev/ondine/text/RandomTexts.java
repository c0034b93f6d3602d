package dev.ondine.text;

import java.util.Random;

/** Random texts that are rich in what tokenizers get wrong. */
final class RandomTexts {

    private static final String[] SCRAPS = {"a", "b", "the", "word", "E", "Z", "'s", "'S", "'t", "'re", "'RE", "'vE", "'m", "'ll", "'Ll", "'d",
        "'", "'x", "'ſ", "ſ", " ", " ", " ", "  ", "   ", "\t", "\n", "\r", "\r\n", "\n\n", "\u000B", "\f", "\u0085", "\u00A0", "\u1680",
        "\u2003", "\u2028", "\u2029", "\u202F", "\u3000", "\u001C", "\u200B", "\uFEFF", "0", "1", "23", "4567", "½", "²", "Ⅷ", "٣", "१", "𝟘",
        ".", ",", "!", "?", "-", "—", "“", "”", "…", "_", "(", ")", "<", ">", "+", "=", "$", "^", "`", "~", "|", "€", "©", "é", "e\u0301",
        "ß", "ǅ", "ʰ", "你", "好", "，", "。", "日本", "ひ", "カ", "한", "국", "Привет", "ا", "ก", "กำ", "ិ", "क्", "龥", "龦", "ࠀ", "퟿", "ힰ",
        "─", "🙂", "👩\u200D👧", "🏽", "𝐀", "\uE000", "\uDB80\uDC00", "\u0378", "\u0001", "\u007F", "▁", "<|im_end|>", "<s>"};

    private final Random random;

    RandomTexts(long seed) {
        random = new Random(seed);
    }

    String next(int most) {
        StringBuilder text = new StringBuilder();
        for (int scraps = random.nextInt(most + 1); scraps > 0; scraps--) {
            text.append(SCRAPS[random.nextInt(SCRAPS.length)]);
        }
        return text.toString();
    }

    /** The same with a lone surrogate here and there. */
    String nextWithSurrogates(int most) {
        StringBuilder text = new StringBuilder(next(most));
        for (int i = random.nextInt(3); i > 0; i--) {
            text.insert(random.nextInt(text.length() + 1), (char) (Character.MIN_SURROGATE + random.nextInt(0x800)));
        }
        return text.toString();
    }
}
