package dev.ondine.files;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of one part of a split model, {@code PREFIX-00002-of-00003.gguf}.
 *
 * @param parts how many parts the model has
 */
record SplitName(String prefix, int parts) {

    private static final Pattern PATTERN = Pattern.compile("(.+)-\\d{5}-of-(\\d{5})\\.gguf");

    static Optional<SplitName> of(String fileName) {
        Matcher matcher = PATTERN.matcher(fileName);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new SplitName(matcher.group(1), Integer.parseInt(matcher.group(2))));
    }

    /** The file name of a part, counted from 0. */
    String part(int index) {
        return String.format(Locale.ROOT, "%s-%05d-of-%05d.gguf", prefix, index + 1, parts);
    }
}
