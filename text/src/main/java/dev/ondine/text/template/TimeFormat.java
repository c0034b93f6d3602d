package dev.ondine.text.template;

import java.time.ZonedDateTime;

/** Python's {@code strftime} in the C locale. */
final class TimeFormat {

    private static final String[] DAYS = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
    private static final String[] MONTHS = {"January", "February", "March", "April", "May", "June", "July", "August",
        "September", "October", "November", "December"};

    private TimeFormat() {
    }

    /** The current time in a {@code strftime} format. */
    static String format(Run run, String format) {
        ZonedDateTime now = ZonedDateTime.now(run.clock());
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            if (format.charAt(i) != '%' || i + 1 == format.length()) {
                text.append(format.charAt(i));
                continue;
            }
            boolean bare = format.charAt(i + 1) == '-' && i + 2 < format.length();
            i += bare ? 2 : 1;
            String field = field(now, format.charAt(i));
            run.charge(1 + field.length());
            text.append(bare ? withoutPadding(field) : field);
        }
        return text.toString();
    }

    private static String withoutPadding(String field) {
        int begin = 0;
        while (begin < field.length() - 1 && (field.charAt(begin) == '0' || field.charAt(begin) == ' ')) {
            begin++;
        }
        return field.substring(begin);
    }

    private static String field(ZonedDateTime now, char code) {
        int hour = (now.getHour() + 11) % 12 + 1;
        String day = DAYS[now.getDayOfWeek().getValue() - 1];
        String month = MONTHS[now.getMonthValue() - 1];
        return switch (code) {
            case 'A' -> day;
            case 'a' -> day.substring(0, 3);
            case 'B' -> month;
            case 'b', 'h' -> month.substring(0, 3);
            case 'd' -> padded(now.getDayOfMonth(), 2);
            case 'e' -> now.getDayOfMonth() < 10 ? " " + now.getDayOfMonth() : String.valueOf(now.getDayOfMonth());
            case 'm' -> padded(now.getMonthValue(), 2);
            case 'y' -> padded(now.getYear() % 100, 2);
            case 'Y' -> String.valueOf(now.getYear());
            case 'H' -> padded(now.getHour(), 2);
            case 'I' -> padded(hour, 2);
            case 'M' -> padded(now.getMinute(), 2);
            case 'S' -> padded(now.getSecond(), 2);
            case 'f' -> padded(now.getNano() / 1000, 6);
            case 'p' -> now.getHour() < 12 ? "AM" : "PM";
            case 'j' -> padded(now.getDayOfYear(), 3);
            case 'u' -> String.valueOf(now.getDayOfWeek().getValue());
            case 'w' -> String.valueOf(now.getDayOfWeek().getValue() % 7);
            case 'z', 'Z' -> "";
            case 's' -> String.valueOf(now.toEpochSecond());
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            default -> combined(now, code);
        };
    }

    private static String combined(ZonedDateTime now, char code) {
        return switch (code) {
            case 'D', 'x' -> fields(now, "m/d/y");
            case 'F' -> fields(now, "Y-m-d");
            case 'R' -> fields(now, "H:M");
            case 'T', 'X' -> fields(now, "H:M:S");
            case 'r' -> fields(now, "I:M:S p");
            case 'c' -> fields(now, "a b e H:M:S Y");
            default -> "%" + code;
        };
    }

    /** A format of letters that are fields, and of other characters that are themselves. */
    private static String fields(ZonedDateTime now, String letters) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < letters.length(); i++) {
            char letter = letters.charAt(i);
            text.append(Character.isLetter(letter) ? field(now, letter) : String.valueOf(letter));
        }
        return text.toString();
    }

    private static String padded(int number, int digits) {
        String text = String.valueOf(number);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }
}
