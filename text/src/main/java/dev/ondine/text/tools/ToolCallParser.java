package dev.ondine.text.tools;

import dev.ondine.text.grammar.Grammar;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * Takes tool calls out of the text of a model as it comes. Not for use by several threads.
 *
 * <p>Text that may begin a call is held back until that is certain; a call begins for the reader when its name and the start of its
 * arguments are there. What turns out to be no call comes out as text. However a text is cut into pieces, its events say the same.
 *
 * <p>Control tokens that belong to calls must be in the text, see {@link ToolCallFormat#marks}. Reasoning that models put before their
 * answer is to be taken off before, or calls that it speaks of count as calls.
 */
public final class ToolCallParser {

    /** Longer than any name with the marks around it. */
    private static final int LONGEST_HEADER = 256;

    private enum Mode { START, TEXT, OPENED, HEADER, OBJECT, AFTER }

    private final CallSyntax syntax;
    private final Set<String> toolNames;
    private final Grammar json = Grammar.recognisedJsonObject();
    private final List<String> openings;
    private final List<String> connections;
    private Mode mode;
    /** What was read but is neither text nor a call yet. */
    private final StringBuilder held = new StringBuilder();
    private final StringBuilder header = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private List<ToolEvent> events = new ArrayList<>();
    private CallObject object;
    private boolean started;
    private int calls;
    /** The first half of a character whose second comes with the next piece; 0 for none. */
    private char half;

    /** @param toolNames the tools that may be called; what names another is text. Empty where any name will do */
    public ToolCallParser(ToolCallFormat format, Set<String> toolNames) {
        this.syntax = format.syntax();
        this.toolNames = Set.copyOf(toolNames);
        this.openings = syntax.openings();
        this.connections = syntax.connections();
        this.mode = syntax.kind() == CallSyntax.Kind.BARE_OBJECT ? Mode.START : Mode.TEXT;
    }

    /** The answer of a model that is all there. */
    public static ToolReply parse(ToolCallFormat format, Set<String> toolNames, String text) {
        ToolCallParser parser = new ToolCallParser(format, toolNames);
        List<ToolEvent> events = new ArrayList<>(parser.accept(text));
        events.addAll(parser.finish());
        return ToolReply.of(events);
    }

    /** What became certain by this text. */
    public List<ToolEvent> accept(String piece) {
        String whole = half == 0 ? piece : half + piece;
        int end = whole.length();
        boolean cut = end > 0 && Character.isHighSurrogate(whole.charAt(end - 1));
        half = cut ? whole.charAt(end - 1) : 0;
        whole.substring(0, cut ? end - 1 : end).codePoints().forEach(this::accept);
        return takeEvents();
    }

    /** What is left at the end of the text. */
    public List<ToolEvent> finish() {
        if (half != 0) {
            accept(half);
            half = 0;
        }
        if (mode == Mode.AFTER && held.toString().isBlank()) {
            held.setLength(0);
        }
        giveUp();
        return takeEvents();
    }

    private List<ToolEvent> takeEvents() {
        endText();
        List<ToolEvent> taken = List.copyOf(events);
        events = new ArrayList<>();
        return taken;
    }

    private void accept(int character) {
        switch (mode) {
            case START -> atStart(character);
            case TEXT -> inText(character);
            case OPENED -> opened(character);
            case HEADER -> inHeader(character);
            case OBJECT -> inObject(character);
            case AFTER -> after(character);
        }
    }

    private void atStart(int character) {
        if (character == '{') {
            beginObject(null, character);
        } else if (Character.isWhitespace(character)) {
            held.appendCodePoint(character);
        } else {
            giveUpAt(character);
        }
    }

    /** Holds what may become an opening mark. */
    private void inText(int character) {
        held.appendCodePoint(character);
        while (!held.isEmpty() && !begins(openings, held.toString())) {
            int first = held.codePointAt(0);
            text.appendCodePoint(first);
            held.delete(0, Character.charCount(first));
        }
        if (openings.contains(held.toString())) {
            open();
        }
    }

    private static boolean begins(List<String> marks, String beginning) {
        return marks.stream().anyMatch(mark -> mark.startsWith(beginning));
    }

    private void open() {
        header.setLength(0);
        mode = syntax.kind() == CallSyntax.Kind.NAMED ? Mode.HEADER : Mode.OPENED;
    }

    private void opened(int character) {
        if (character == '{') {
            beginObject(null, character);
        } else if (Character.isWhitespace(character) || character == '[' && syntax.kind() == CallSyntax.Kind.LIST) {
            held.appendCodePoint(character);
        } else {
            giveUpAt(character);
        }
    }

    private void inHeader(int character) {
        Matcher matcher = character == '{' ? syntax.header().pattern().matcher(header) : null;
        if (matcher != null && matcher.matches() && isTool(matcher.group(1))) {
            beginObject(matcher.group(1), character);
        } else if (matcher != null || header.length() == LONGEST_HEADER) {
            giveUpAt(character);
        } else {
            header.appendCodePoint(character);
            held.appendCodePoint(character);
        }
    }

    private boolean isTool(String name) {
        return toolNames.isEmpty() ? ToolDefinition.isName(name) : toolNames.contains(name);
    }

    private void beginObject(String name, int character) {
        object = new CallObject(json.matcher(), name);
        started = false;
        mode = Mode.OBJECT;
        inObject(character);
    }

    private void inObject(int character) {
        if (!object.accept(character) || !started && object.name() != null && !isTool(object.name())) {
            giveUpAt(character);
            return;
        }
        held.appendCodePoint(character);
        if (!started && object.name() != null && object.hasArguments()) {
            start();
        }
        if (object.isComplete()) {
            end();
        } else if (started) {
            addArguments(object.takeArguments());
        }
    }

    private void start() {
        endText();
        events.add(new ToolEvent.CallStarted(calls, object.name()));
        started = true;
    }

    /** A call without arguments has none, unless only they tell that it is one. */
    private void end() {
        if (!started && (object.name() == null || syntax.kind() == CallSyntax.Kind.BARE_OBJECT)) {
            giveUp();
            return;
        }
        if (!started) {
            start();
        }
        addArguments(object.hasArguments() ? object.takeArguments() : "{}");
        events.add(new ToolEvent.CallEnded(calls++));
        held.setLength(0);
        mode = Mode.AFTER;
    }

    /** Joins neighbouring pieces. */
    private void addArguments(String piece) {
        ToolEvent last = events.isEmpty() ? null : events.getLast();
        if (last instanceof ToolEvent.Arguments(int index, String before)) {
            events.set(events.size() - 1, new ToolEvent.Arguments(index, before + piece));
        } else if (!piece.isEmpty()) {
            events.add(new ToolEvent.Arguments(calls, piece));
        }
    }

    /** What comes after a call: marks that close it, another call, or text. */
    private void after(int character) {
        String mark = held.toString().stripLeading() + Character.toString(character);
        boolean another = mark.equals("{") && (syntax.kind() == CallSyntax.Kind.LIST || syntax.kind() == CallSyntax.Kind.BARE_OBJECT);
        if (another) {
            beginObject(null, character);
        } else if (openings.contains(mark)) {
            held.setLength(0);
            held.append(mark);
            open();
        } else if (connections.contains(mark)) {
            held.setLength(0);
        } else if (mark.isBlank() || begins(openings, mark) || begins(connections, mark)) {
            held.appendCodePoint(character);
        } else {
            giveUpAt(character);
        }
    }

    /** What is held is text, and the character comes after it. */
    private void giveUpAt(int character) {
        giveUp();
        inText(character);
    }

    private void giveUp() {
        if (mode == Mode.OBJECT && started) {
            endText();
            events.add(new ToolEvent.CallBroken(calls++, held.toString()));
        } else {
            text.append(held);
        }
        held.setLength(0);
        mode = Mode.TEXT;
    }

    private void endText() {
        if (!text.isEmpty()) {
            events.add(new ToolEvent.Text(text.toString()));
            text.setLength(0);
        }
    }
}
