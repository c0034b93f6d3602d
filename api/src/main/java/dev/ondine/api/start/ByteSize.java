package dev.ondine.api.start;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes as people write it: {@code 20GB} (powers of 1000), {@code 64KiB} (of 1024), {@code 1024}. */
public final class ByteSize {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,15})?) ?([KMGT]?)(I?)B?");

    private ByteSize() {
    }

    /** The bytes, at most {@link Long#MAX_VALUE}; empty for what is no size. */
    public static OptionalLong parse(String text) {
        Matcher size = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!size.matches()) {
            return OptionalLong.empty();
        }
        int power = "KMGT".indexOf(size.group(2)) + 1;
        long unit = size.group(2).isEmpty() ? 1 : (long) Math.pow(size.group(3).isEmpty() ? 1000 : 1024, power);
        BigDecimal bytes = new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(unit));
        return OptionalLong.of(bytes.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue());
    }
}
