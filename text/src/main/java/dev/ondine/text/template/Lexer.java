package dev.ondine.text.template;

import dev.ondine.text.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokens of a template's source, with the white space rules of jinja2's {@code trim_blocks} (a line break right
 * after a tag goes) and {@code lstrip_blocks} (blanks before a tag that begins its line go), and the signs
 * {@code -} and {@code +} that override them.
 */
final class Lexer {

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private boolean lineStart = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String source) {
        return new Lexer(withPlainLineBreaks(source)).run();
    }

    /** Every line break as one line feed, and none at the very end, as jinja2 reads its sources. */
    private static String withPlainLineBreaks(String source) {
        String text = source.indexOf('\r') < 0 ? source : source.replace("\r\n", "\n").replace('\r', '\n');
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    private List<Token> run() {
        while (position < source.length()) {
            int tag = nextTag();
            if (tag < 0) {
                data(source.length());
                advance(source.length());
            } else {
                tag(tag);
            }
        }
        add(Kind.END, "", null);
        return tokens;
    }

    private int nextTag() {
        int brace = source.indexOf('{', position);
        while (brace >= 0 && brace + 1 < source.length()) {
            char next = source.charAt(brace + 1);
            if (next == '{' || next == '%' || next == '#') {
                return brace;
            }
            brace = source.indexOf('{', brace + 1);
        }
        return -1;
    }

    private void tag(int start) {
        char kind = source.charAt(start + 1);
        char sign = signAt(start + 2);
        data(textEnd(start, sign, kind != '{'));
        int inside = start + (sign == 0 ? 2 : 3);
        advance(start);
        if (kind == '#') {
            comment(inside);
        } else if (kind == '%' && rawBody(inside) >= 0) {
            raw(rawBody(inside));
        } else {
            boolean output = kind == '{';
            add(output ? Kind.OUTPUT_BEGIN : Kind.TAG_BEGIN, "", null);
            advance(inside);
            new TagLexer(this, output).run();
        }
        lineStart = source.charAt(position - 1) == '\n';
    }

    private char signAt(int index) {
        char sign = charAt(index);
        return sign == '-' || sign == '+' ? sign : 0;
    }

    /** Where the text before a tag ends, after the blanks that the tag takes away. */
    private int textEnd(int tag, char sign, boolean stripsLine) {
        int end = tag;
        if (sign == '-') {
            while (end > position && isSpace(end - 1)) {
                end--;
            }
        } else if (sign == 0 && stripsLine) {
            while (end > position && source.charAt(end - 1) != '\n' && isSpace(end - 1)) {
                end--;
            }
            boolean beginsLine = end == position ? lineStart : source.charAt(end - 1) == '\n';
            return beginsLine ? end : tag;
        }
        return end;
    }

    private void comment(int inside) {
        int end = source.indexOf("#}", inside);
        if (end < 0) {
            throw error("found the end of the template, expected '#}' of this comment");
        }
        advance(afterTag(end, inside, true));
    }

    /** The position behind a closing mark of two characters at {@code mark} and the blanks that it takes away. */
    int afterTag(int mark, int inside, boolean trimsLineBreak) {
        char sign = mark > inside ? signAt(mark - 1) : 0;
        int after = mark + 2;
        if (sign == '-') {
            return afterSpace(after);
        }
        return trimsLineBreak && sign == 0 && charAt(after) == '\n' ? after + 1 : after;
    }

    /** The position behind {@code raw %}} if that is what stands here, otherwise -1. */
    private int rawBody(int inside) {
        int word = afterSpace(inside);
        if (!source.startsWith("raw", word)) {
            return -1;
        }
        int mark = afterSpace(word + 3);
        int body = charAt(mark) == '-' ? mark + 1 : mark;
        if (!source.startsWith("%}", body)) {
            return -1;
        }
        return body > mark ? afterSpace(body + 2) : body + 2;
    }

    private void raw(int body) {
        int begin = line;
        advance(body);
        lineStart = source.charAt(position - 1) == '\n';
        for (int tag = source.indexOf("{%", body); tag >= 0; tag = source.indexOf("{%", tag + 2)) {
            char sign = signAt(tag + 2);
            int word = afterSpace(sign == 0 ? tag + 2 : tag + 3);
            int mark = source.startsWith("endraw", word) ? afterSpace(word + 6) : -1;
            if (mark >= 0 && signAt(mark) != 0) {
                mark++;
            }
            if (mark >= 0 && source.startsWith("%}", mark)) {
                data(textEnd(tag, sign, true));
                advance(afterTag(mark, word + 6, true));
                return;
            }
        }
        line = begin;
        throw error("found the end of the template, expected '{% endraw %}' of this block");
    }

    private void data(int end) {
        if (end > position) {
            add(Kind.DATA, source.substring(position, end), null);
        }
    }

    void add(Kind kind, String text, Object value) {
        tokens.add(new Token(kind, text, value, line));
    }

    void advance(int to) {
        for (int i = position; i < to; i++) {
            if (source.charAt(i) == '\n') {
                line++;
            }
        }
        position = to;
    }

    int afterSpace(int index) {
        int after = index;
        while (after < source.length() && isSpace(after)) {
            after++;
        }
        return after;
    }

    private boolean isSpace(int index) {
        return Strings.isSpace(source.charAt(index));
    }

    /** The character at an index, 0 behind the end. */
    char charAt(int index) {
        return index < source.length() ? source.charAt(index) : 0;
    }

    String source() {
        return source;
    }

    int position() {
        return position;
    }

    TemplateException error(String problem) {
        return new TemplateException(line, problem, false);
    }
}
