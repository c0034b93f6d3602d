package dev.ondine.text.grammar;

import java.util.Map;
import java.util.TreeSet;

/**
 * Formats of strings as regular expressions; sometimes narrower than what the format allows, never wider.
 *
 * @see <a href="https://json-schema.org/draft/2020-12/json-schema-validation#section-7.3">JSON Schema, defined formats</a>
 */
final class TextFormats {

    private static final String LEAP_YEAR = "(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";
    private static final String DATE = "(?:\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)"
            + "|02-(?:0[1-9]|1\\d|2[0-8]))|" + LEAP_YEAR + "-02-29)";
    private static final String CLOCK = "(?:[01]\\d|2[0-3]):[0-5]\\d";
    private static final String TIME = CLOCK + ":[0-5]\\d(?:\\.\\d{1,9})?(?:Z|\\+(?:0\\d|1[0-3]):[0-5]\\d|-(?:0[1-9]|1[0-2]):[0-5]\\d)";
    private static final String BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final String HOST = LABEL + "(?:\\." + LABEL + "){0,3}";
    private static final String DURATION = "P(?:\\d{1,4}W|(?:\\d{1,4}Y)?(?:\\d{1,4}M)?\\d{1,4}D|\\d{1,4}Y(?:\\d{1,4}M)?|\\d{1,4}M"
            + "|(?:\\d{1,4}D)?T(?:\\d{1,4}H(?:\\d{1,4}M)?(?:\\d{1,4}S)?|\\d{1,4}M(?:\\d{1,4}S)?|\\d{1,4}S))";

    private static final Map<String, String> PATTERNS = Map.ofEntries(
            Map.entry("date", DATE),
            Map.entry("time", TIME),
            Map.entry("date-time", DATE + "T" + TIME),
            Map.entry("duration", DURATION),
            Map.entry("email", "[A-Za-z0-9_%+-]{1,31}(?:\\.[A-Za-z0-9_%+-]{1,31})?@"
                    + LABEL + "(?:\\." + LABEL + "){0,2}\\.[A-Za-z]{2,12}"),
            Map.entry("hostname", HOST),
            Map.entry("ipv4", BYTE + "(?:\\." + BYTE + "){3}"),
            Map.entry("ipv6", "(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|(?:[0-9a-fA-F]{1,4}:){1,6}(?::[0-9a-fA-F]{1,4})|::1"),
            Map.entry("uuid", "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"),
            Map.entry("uri", "[a-z][a-z0-9+.-]*://" + HOST + "(?::\\d{1,4})?(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)*"
                    + "(?:\\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"));

    private TextFormats() {
    }

    /** @throws IllegalArgumentException if the format is not known */
    static String pattern(SchemaPlace format) {
        String pattern = PATTERNS.get(format.string());
        if (pattern == null) {
            throw format.expected("one of the formats " + new TreeSet<>(PATTERNS.keySet()) + "; or use a pattern");
        }
        return "^(?:" + pattern + ")$";
    }
}
