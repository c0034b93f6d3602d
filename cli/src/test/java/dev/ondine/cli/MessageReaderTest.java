package dev.ondine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class MessageReaderTest {

    private static final String CTRL_C = "<Ctrl-C>";
    private static final String CTRL_C_ON_A_LINE = "half a line<Ctrl-C>";

    private static List<String> messages(String... lines) {
        Iterator<String> typed = Arrays.asList(lines).iterator();
        LineSource source = new LineSource() {
            @Override
            public String next(boolean isContinued) throws LineDropped {
                String line = typed.hasNext() ? typed.next() : null;
                if (CTRL_C.equals(line) || CTRL_C_ON_A_LINE.equals(line)) {
                    throw new LineDropped(CTRL_C.equals(line));
                }
                return line;
            }

            @Override
            public <T> T interruptible(Runnable onInterrupt, Supplier<T> work) {
                return work.get();
            }

            @Override
            public void close() {
            }
        };
        MessageReader reader = new MessageReader(Shell.console("", new ByteArrayOutputStream(), new ByteArrayOutputStream(), true), source);
        List<String> messages = new ArrayList<>();
        for (String message; (message = reader.next()) != null; ) {
            messages.add(message);
        }
        return messages;
    }

    @Test
    void aLineIsAMessage() {
        assertThat(messages("one", "", "two")).containsExactly("one", "", "two");
    }

    @Test
    void quotationMarksEncloseSeveralLines() {
        assertThat(messages("\"\"\"one", "", "two\"\"\"", "three")).containsExactly("one\n\ntwo", "three");
        assertThat(messages("\"\"\"", "one", "\"\"\"")).containsExactly("one");
        assertThat(messages("\"\"\"one\"\"\"")).containsExactly("one");
    }

    @Test
    void aBackslashJoinsTheNextLine() {
        assertThat(messages("one\\", "two\\", "three", "four")).containsExactly("one\ntwo\nthree", "four");
    }

    @Test
    void keepsWhatWasTypedWhereTheInputEnds() {
        assertThat(messages("\"\"\"one", "two")).containsExactly("one\ntwo");
        assertThat(messages("one\\")).containsExactly("one\n");
    }

    @Test
    void controlCDropsALineAndTwiceLeaves() {
        assertThat(messages("one", CTRL_C, "two", CTRL_C, CTRL_C, "three")).containsExactly("one", "two");
        assertThat(messages("one\\", CTRL_C, "two")).containsExactly("two");
    }

    @Test
    void ctrlCOnAHalfTypedLineOnlyDropsTheLine() {
        assertThat(messages(CTRL_C, CTRL_C_ON_A_LINE, CTRL_C_ON_A_LINE, "one")).containsExactly("one");
    }
}
