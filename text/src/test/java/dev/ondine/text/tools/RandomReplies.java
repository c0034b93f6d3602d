package dev.ondine.text.tools;

import java.util.Random;

/** Answers with calls in the manner of a format, some of them spoilt. */
final class RandomReplies {

    private static final String[] ARGUMENTS = {"{}", "{\"a\": [1, {\"b\": \"}\\\"]\"}]}", "{\"text\": \"日本 😀 <tool_call>\"}",
        "{\"a\":", "{\"n\": 1.5e3 }", "null"};
    private static final String[] WORDS = {"Sure. ", "\n", "😀", "<", "[TOOL", "{", "</tool_call>", "<|", "<｜tool", "a < b ", "\uD83D"};

    private RandomReplies() {
    }

    static String next(ToolCallFormat format, Random random) {
        StringBuilder text = new StringBuilder();
        CallSyntax syntax = format.syntax();
        if (syntax.kind() != CallSyntax.Kind.BARE_OBJECT || random.nextBoolean()) {
            text.append(words(random));
        }
        boolean tagged = syntax.kind() != CallSyntax.Kind.BARE_OBJECT || random.nextBoolean();
        for (int count = random.nextInt(3); count > 0; count--) {
            text.append(tagged ? syntax.opening() : "").append(call(syntax, random)).append(random.nextInt(4) == 0 ? words(random) : "");
        }
        return spoilt(text, random);
    }

    private static String call(CallSyntax syntax, Random random) {
        String name = random.nextBoolean() ? "f" : random.nextBoolean() ? "set_alarm" : "unknown";
        String arguments = ARGUMENTS[random.nextInt(ARGUMENTS.length)];
        String closing = syntax.closing() == null ? "" : syntax.closing();
        if (syntax.kind() == CallSyntax.Kind.NAMED) {
            return syntax.header().before() + name + syntax.header().between() + arguments + syntax.header().after() + closing;
        }
        String object = random.nextBoolean() ? "{\"name\": \"%s\", \"%s\": %s}".formatted(name, syntax.argumentsKey(), arguments)
                : "{\"%s\": %s, \"id\": [2], \"name\": \"%s\"}".formatted(syntax.argumentsKey(), arguments, name);
        return syntax.kind() == CallSyntax.Kind.LIST ? "[" + object + ", " + object + "]" + closing : object + "\n" + closing;
    }

    private static String words(Random random) {
        StringBuilder words = new StringBuilder();
        for (int count = random.nextInt(3); count > 0; count--) {
            words.append(WORDS[random.nextInt(WORDS.length)]);
        }
        return words.toString();
    }

    private static String spoilt(StringBuilder text, Random random) {
        if (!text.isEmpty() && random.nextInt(3) == 0) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.setLength(at);
                case 1 -> text.deleteCharAt(at);
                default -> text.insert(at, WORDS[random.nextInt(WORDS.length)]);
            }
        }
        return text.toString();
    }
}
