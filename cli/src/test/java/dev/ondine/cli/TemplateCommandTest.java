package dev.ondine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.testkit.SharedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class TemplateCommandTest {

    @TempDir
    private Path folder;

    private String messages;

    @BeforeEach
    void writeMessages() throws IOException {
        messages = write("messages.json", "[{\"role\": \"user\", \"content\": \"Hi\"}]");
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void namesAMessagesFileThatItCannotRead() throws IOException {
        Path file = Files.write(folder.resolve("latin1.json"), new byte[] {'[', '"', (byte) 0xE9, '"', ']'});

        Shell.run("template", "--messages", file.toString()).failedWith(1, "latin1.json", "UTF-8");
        Shell.run("template", "--messages", folder.toString()).failedWith(1, folder.toString(), "is a folder");
    }

    @Test
    void rendersTheTemplateOfTheModel() {
        var json = Shell.run("template", "--messages", messages, "--add-generation-prompt", "--json").json();

        assertThat(json.propertyNames()).containsExactly("text");
        assertThat(json.get("text").stringValue()).isEqualTo("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
    }

    @Test
    void printsNothingButTheTextWithoutJson() {
        assertThat(Shell.run("template", "--messages", messages).out()).isEqualTo("<|im_start|>user\nHi<|im_end|>\n");
    }

    @Test
    void rendersATemplateFileWithToolsVariablesAndAFixedClock() throws IOException {
        String template = write("t.jinja", "{{ bos_token }}{{ strftime_now('%Y-%m-%d') }} {{ tools[0].name }} {{ mood }} {{ messages[0].content }}");
        String tools = write("tools.json", "[{\"name\": \"add\"}]");
        String variables = write("variables.json", "{\"bos_token\": \"<s>\", \"mood\": \"calm\", \"now\": \"2025-01-31T12:00:00\"}");

        var json = Shell.run("template", "--template", template, "--messages", messages, "--tools", tools, "--variables", variables, "--json").json();

        assertThat(json.get("text").stringValue()).isEqualTo("<s>2025-01-31 add calm Hi");
    }

    @Test
    void saysWhatIsWrongWithItsFiles() throws IOException {
        Shell.run("template", "--messages", write("broken.json", "[{")).failedWith(1, "broken.json", "JSON");
        Shell.run("template", "--messages", write("object.json", "{}")).failedWith(1, "object.json", "array");
        Shell.run("template", "--messages", write("text.json", "[\"Hi\"]")).failedWith(1, "text.json", "role");
        Shell.run("template", "--messages", messages, "--variables", write("now.json", "{\"now\": \"noon\"}")).failedWith(1, "noon", "2025-");
        Shell.run("template", "--messages", messages, "--template", write("bad.jinja", "{% if %}")).failedWith(1, "template");
        Shell.run("template", "--messages", messages, "--template", write("raise.jinja", "{{ raise_exception('no system') }}"))
                .failedWith(1, "refuses these messages: no system");
        Shell.run("template").failedWith(2, "--messages");
        Shell.run("template", "--messages", messages, "-m", "a.gguf", "--template", "b.jinja").failedWith(2, "either");
    }

    /** One conversation of each published template; the interpreter's own tests render all of them. */
    @Test
    void rendersPublishedTemplatesAsTheReferenceDoes() throws IOException {
        JsonNode reference = SharedFiles.requireJson("fixtures/templates/templates.json");
        List<String> seen = new ArrayList<>();
        for (JsonNode golden : reference.get("goldens")) {
            String template = golden.get("template").stringValue();
            if (golden.has("expected") && !seen.contains(template)) {
                seen.add(template);
                assertThat(render(reference, golden)).as(template).isEqualTo(golden.get("expected").stringValue());
            }
        }
        assertThat(seen).hasSizeGreaterThan(5);
    }

    private String render(JsonNode reference, JsonNode golden) throws IOException {
        var variables = ((tools.jackson.databind.node.ObjectNode) golden.get("variables")).deepCopy();
        variables.set("now", reference.get("now"));
        List<String> args = new ArrayList<>(List.of("template", "--json",
                "--template", SharedFiles.require("fixtures/templates/" + golden.get("template").stringValue()).toString(),
                "--messages", write("turns.json", reference.get("conversations").get(golden.get("conversation").stringValue()).toString()),
                "--variables", write("golden.json", variables.toString())));
        if (golden.get("tools").booleanValue()) {
            args.addAll(List.of("--tools", write("functions.json", reference.get("tools").toString())));
        }
        if (golden.get("add_generation_prompt").booleanValue()) {
            args.add("--add-generation-prompt");
        }
        return Shell.run(args.toArray(String[]::new)).json().get("text").stringValue();
    }
}
