package dev.ondine.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time as people write it: 50ms, 1.5s, 5m, 2h, 1d. */
final class TimeSpan implements ITypeConverter<Duration> {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?) ?(ms|s|m|h|d)");
    private static final Map<String, Long> NANOS = Map.of("ms", 1_000_000L, "s", 1_000_000_000L, "m", 60_000_000_000L,
            "h", 3_600_000_000_000L, "d", 86_400_000_000_000L);

    TimeSpan() {
    }

    @Override
    public Duration convert(String text) {
        Matcher span = FORM.matcher(text.strip());
        if (!span.matches()) {
            throw new TypeConversionException("found \"%s\", expected a time such as 50ms, 2s, 5m or 1h".formatted(text));
        }
        BigDecimal nanos = new BigDecimal(span.group(1)).multiply(BigDecimal.valueOf(NANOS.get(span.group(2))));
        return Duration.ofNanos(nanos.setScale(0, RoundingMode.HALF_UP).min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue());
    }
}
