package dev.ondine.files;

/** Names out of untrusted files, made fit for one line of an error message. */
final class Labels {

    private static final int LONGEST = 80;

    private Labels() {
    }

    /** The text without control characters, cut to a readable length. */
    static String printable(String text) {
        String start = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return start.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
    }
}
