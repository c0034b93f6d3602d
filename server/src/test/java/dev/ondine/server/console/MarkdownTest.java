package dev.ondine.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** How the page shows what models write, in a browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MarkdownTest {

    /** Tags that a text may become; all others would be markup of the model. */
    private static final List<String> HARMLESS = List.of("DIV", "P", "H3", "H4", "H5", "H6", "UL", "OL", "LI", "BLOCKQUOTE", "HR", "PRE",
            "CODE", "TABLE", "THEAD", "TBODY", "TR", "TH", "TD", "STRONG", "EM", "DEL", "A", "BR", "SPAN", "BUTTON");

    private final JsonMapper json = new JsonMapper();

    @TempDir
    static Path folder;

    private ConsoleStage stage;
    private Chromium browser;

    @BeforeAll
    void open() throws Exception {
        browser = Chromium.start(folder);
        stage = new ConsoleStage();
        browser.open(stage.address() + "/");
    }

    @AfterAll
    void close() {
        if (browser != null) {
            browser.close();
        }
        if (stage != null) {
            stage.close();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '@', quoteCharacter = '^', textBlock = """
            a **b** *c* __d__ _e_ ~~f~~ @ <p>a <strong>b</strong> <em>c</em> <strong>d</strong> <em>e</em> <del>f</del></p>
            snake_case_name and 2 * 3 * 4 @ <p>snake_case_name and 2 * 3 * 4</p>
            **bold *and* more** @ <p><strong>bold <em>and</em> more</strong></p>
            `a < b` and ``c ` d`` @ <p><code>a &lt; b</code> and <code>c ` d</code></p>
            \\*not\\* @ <p>*not*</p>
            **open @ <p>**open</p>
            |# One @ <h3>One</h3>
            |#### Four # @ <h6>Four</h6>
            - a|- b|  - c|- d @ <ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>
            3. a|4. b @ <ol start="3"><li>a</li><li>b</li></ol>
            1. a||   more|2. b @ <ol><li>a<p>more</p></li><li>b</li></ol>
            > a|> > b @ <blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>
            a|b @ <p>a\\nb</p>
            a||b @ <p>a</p><p>b</p>
            --- @ <hr>
            <b>a</b> &amp; &lt; @ <p>&lt;b&gt;a&lt;/b&gt; &amp;amp; &amp;lt;</p>
            """)
    void becomesElements(String markdown, String html) throws Exception {
        assertThat(shown(markdown.replace("|", "\n"))).isEqualTo(html.replace("\\n", "\n"));
    }

    @Test
    void showsTables() throws Exception {
        String html = shown("a | b\n:-- | --:\n1 | 2 \\| 3\n4 |");
        assertThat(html).contains("<tr><th class=\"left\">a</th><th class=\"right\">b</th></tr>",
                "<tr><td class=\"left\">1</td><td class=\"right\">2 | 3</td></tr>",
                "<tr><td class=\"left\">4</td><td class=\"right\"></td></tr>");
    }

    @Test
    void showsCodeAlsoWhileItIsWritten() throws Exception {
        String html = shown("```java\nint a = 1;\n\n# no heading");
        assertThat(html).contains("<span>java</span>", "<code>int a = 1;\n\n# no heading</code></pre>").doesNotContain("<h");
    }

    @Test
    void linksLeadToPagesAndNowhereElse() throws Exception {
        assertThat(shown("[a](https://example.org/b_(c) \"t\") https://example.org/d.")).contains("href=\"https://example.org/b_(c)\"",
                "href=\"https://example.org/d\"", "rel=\"noopener noreferrer nofollow\"", "target=\"_blank\"");
        assertThat(shown("[a](javascript:alert(1)) [b](data:text/html,x) [c](/v1/tasks) [d](//evil.example) [e](JaVaScRiPt:x) "
                + "[f](https://)"))
                .doesNotContain("<a").contains("a", "b", "c", "d", "e", "f");
        assertThat(shown("![x](https://evil.example/beacon.png)")).doesNotContain("<img")
                .contains("<a href=\"https://evil.example/beacon.png\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<script>window.hacked = 1</script>", "<img src=x onerror='window.hacked = 1'>", "[x](javascript:window.hacked=1)",
        "```<script>window.hacked = 1</script>\n<script>window.hacked = 1</script>\n```",
        "| <svg onload=window.hacked=1> |\n|--|\n| <iframe srcdoc=x> |", "<a href=\"javascript:window.hacked=1\">x</a>",
        "[<img src=x onerror=window.hacked=1>](https://a.example/\"onmouseover=\"window.hacked=1)",
        "- <style>*{display:none}</style>\n- <form action=https://evil.example><button>",
        "\u202e</p><math><mtext><script>window.hacked = 1</script>"})
    void markupOfTheModelIsText(String hostile) throws Exception {
        String tags = """
                const active = each => each.getAttributeNames().filter(name => name.startsWith('on') || name === 'style');
                return [...shown.querySelectorAll('*')].flatMap(each => [each.tagName, ...active(each)])
                    .filter(each => !%s.includes(each));""";
        assertThat(browser.run(render(hostile) + tags.formatted(json.writeValueAsString(HARMLESS)))).isEmpty();
        assertThat(browser.run("return window.hacked ?? null;").isNull()).isTrue();
    }

    @Test
    void hostileTextCostsLittle() throws Exception {
        String many = """
                const texts = ['_a '.repeat(6000), '['.repeat(20000), '> '.repeat(9000), '- '.repeat(9000), '`'.repeat(20000) + 'a',
                  '*'.repeat(19999), ' '.repeat(20000) + 'a', '# ' + ' '.repeat(20000) + 'a',
                  '|'.repeat(9000) + '\\n' + '|-'.repeat(9000) + '|', '**a'.repeat(6000),
                  '```' + ' '.repeat(20000) + '`', '![a]('.repeat(4000), '- - - '.repeat(3000) + 'x', 'https://' + 'a.'.repeat(9000)];
                const {Prose} = await import('/console/prose.js');
                return texts.map(text => {
                  const started = performance.now();
                  new Prose(document.createElement('div')).show(text);
                  return performance.now() - started;
                });""";
        browser.run(many).forEach(millis -> assertThat(millis.doubleValue()).isLessThan(5_000));
    }

    @Test
    void blocksThatDoNotChangeStayTheSame() throws Exception {
        assertThat(browser.run("""
                const {Prose} = await import('/console/prose.js');
                const root = document.createElement('div');
                const prose = new Prose(root);
                prose.show('one\\n\\ntwo');
                const [first] = root.children;
                prose.show('one\\n\\ntwo and\\n\\nthree');
                const grown = [root.children[0] === first, root.children.length, root.children[1].textContent];
                prose.show('one');
                return [...grown, root.children.length];""").toString()).isEqualTo("[true,3,\"two and\",1]");
    }

    private String shown(String markdown) throws Exception {
        return browser.run(render(markdown) + "return shown.innerHTML;").stringValue();
    }

    private String render(String markdown) {
        return """
                const {Prose} = await import('/console/prose.js');
                document.getElementById('shown')?.remove();
                const shown = Object.assign(document.createElement('div'), {id: 'shown'});
                document.body.append(shown);
                new Prose(shown).show(%s);
                """.formatted(json.writeValueAsString(markdown));
    }
}
