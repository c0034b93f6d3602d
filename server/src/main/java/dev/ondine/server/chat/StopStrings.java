package dev.ondine.server.chat;

import dev.ondine.api.Answer;
import dev.ondine.engine.FinishReason;
import dev.ondine.text.TextStream;
import dev.ondine.text.Tokenizer;
import java.util.List;
import java.util.Optional;

/** Tells which of the strings that a client gave has ended an answer. */
public final class StopStrings {

    private StopStrings() {
    }

    /** The string that ended it; empty if the model did, or something else. */
    public static Optional<String> found(Answer answer, List<String> stops, Tokenizer tokenizer) {
        if (stops.isEmpty() || answer.finishReason() != FinishReason.STOP) {
            return Optional.empty();
        }
        TextStream stream = TextStream.continuing(tokenizer);
        StringBuilder text = new StringBuilder();
        for (int token : answer.result().tokens()) {
            text.append(stream.accept(token));
        }
        text.append(stream.finish());
        int end = answer.result().text().length();
        return stops.stream().filter(stop -> text.indexOf(stop, end) == end).findFirst();
    }
}
