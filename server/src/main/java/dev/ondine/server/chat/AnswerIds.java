package dev.ondine.server.chat;

import java.util.UUID;

/** Ids of answers and their parts, that nobody can guess. */
public final class AnswerIds {

    private AnswerIds() {
    }

    /** 32 letters and digits, new each time. */
    public static String next() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
