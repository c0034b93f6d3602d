package dev.ondine.roofline.device;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The units that figures are written in, and how they become the base unit in which all formulas compute. */
public enum Unit {
    NUMBER("", "", 1),
    BITS("bit", "bit", 1),
    BYTES("B", "KiB", 1024.0, "MiB", 1 << 20, "GiB", 1 << 30, "kB", 1e3, "MB", 1e6, "GB", 1e9, "TB", 1e12),
    BYTES_PER_SECOND("B/s", "MB/s", 1e6, "GB/s", 1e9, "TB/s", 1e12),
    TRANSFERS_PER_SECOND("T/s", "MT/s", 1e6, "GT/s", 1e9),
    OPERATIONS_PER_SECOND("OP/s", "GOPS", 1e9, "TOPS", 1e12, "GFLOPS", 1e9, "TFLOPS", 1e12, "PFLOPS", 1e15),
    WATTS("W", "mW", 1e-3, "kW", 1e3),
    WATT_HOURS("Wh", "mWh", 1e-3, "kWh", 1e3),
    JOULES_PER_BIT("J/bit", "pJ/bit", 1e-12),
    JOULES("J", "pJ", 1e-12, "nJ", 1e-9, "uJ", 1e-6, "mJ", 1e-3),
    SECONDS("s", "us", 1e-6, "ms", 1e-3, "min", 60, "h", 3600),
    DEGREES("°C", "C", 1),
    SHARE("", "%", 0.01),
    TOKENS_PER_SECOND("tok/s", "t/s", 1),
    YEAR("", "", 1);

    private static final Pattern QUANTITY = Pattern.compile("\\s*([+-]?[0-9][0-9_]*(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)\\s*(\\S*)\\s*");

    private final String base;
    private final Map<String, Double> factors = new LinkedHashMap<>();

    Unit(String base, Object... namesAndFactors) {
        this.base = base;
        factors.put(base, 1.0);
        for (int i = 0; i < namesAndFactors.length; i += 2) {
            factors.put((String) namesAndFactors[i], ((Number) namesAndFactors[i + 1]).doubleValue());
        }
    }

    /** The name of the base unit; empty for plain numbers. */
    public String base() {
        return base;
    }

    /**
     * Reads {@code 76.8GB/s}, {@code 45 TOPS}, {@code 50ms}, {@code 75 %}. A number without a unit is in the base unit.
     *
     * @return in the base unit
     * @throws IllegalArgumentException saying which units are known
     */
    public double parse(String text) {
        Matcher quantity = QUANTITY.matcher(text);
        Double factor = !quantity.matches() ? null : quantity.group(2).isEmpty() ? Double.valueOf(1) : factors.get(quantity.group(2));
        if (factor == null) {
            throw new IllegalArgumentException("\"%s\" is not in %s; expected a number %s".formatted(text.strip(),
                    name().toLowerCase(Locale.ROOT).replace('_', ' '), unitsInWords()));
        }
        return Double.parseDouble(quantity.group(1).replace("_", "")) * factor;
    }

    private String unitsInWords() {
        String known = String.join(", ", factors.keySet().stream().filter(unit -> !unit.isEmpty()).toList());
        return known.isEmpty() ? "alone" : "and one of " + known;
    }
}
