package dev.ondine.text.tools;

import java.util.List;
import java.util.Set;

/**
 * Takes tool calls out of the text of a model as it comes.
 */
public final class ToolCallParser {

    public ToolCallParser(ToolCallFormat format, Set<String> toolNames) {
    }

    /** What became certain by this text. */
    public List<ToolEvent> accept(String piece) {
        return List.of();
    }

    /** What is left at the end of the text. */
    public List<ToolEvent> finish() {
        return List.of();
    }
}
