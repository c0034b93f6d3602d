package dev.ondine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ChatCommandTest {

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private static Shell.Outcome chat(String input, String... options) {
        String[] args = new String[options.length + 1];
        args[0] = "chat";
        System.arraycopy(options, 0, args, 1, options.length);
        return Shell.runWithInput(input, args);
    }

    @Test
    void answersEachLineOfAPipe() {
        var outcome = chat("Wake me at half past six\nPlay rock music\n");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out().lines()).hasSize(2).first().asString().contains("set_alarm");
        assertThat(outcome.out().lines().skip(1).findFirst().orElseThrow()).contains("play_music");
        assertThat(outcome.err()).contains("tokens/s, context ", " of 512]");
    }

    @Test
    void readsOnlyWhatIsNewOfEachTurn() {
        // Longer than some blocks of the cache: whole ones are kept.
        String statistics = chat("Hello" + ", hello".repeat(40) + "\nThanks\n/stats\n", "-n", "8").err();
        var matcher = java.util.regex.Pattern.compile("last answer: (\\d+) of (\\d+) prompt tokens read").matcher(statistics);

        assertThat(matcher.find()).as(statistics).isTrue();
        assertThat(Integer.parseInt(matcher.group(1))).isLessThan(Integer.parseInt(matcher.group(2)) - 60);
    }

    @Test
    void answersAsAFreshConversationWould() throws Exception {
        Path first = folder.resolve("first.json");
        chat("Hello\nPlay rock music\n/save " + first + "\n");
        Path half = folder.resolve("half.json");
        chat("Hello\n/save " + half + "\n");
        Path second = folder.resolve("second.json");
        chat("/load " + half + "\nPlay rock music\n/save " + second + "\n");

        assertThat(Files.readString(second)).isEqualTo(Files.readString(first));
    }

    @Test
    void savesMessagesThatAreJson() throws Exception {
        Path file = folder.resolve("saved.json");
        chat("/system Answer briefly.\n\"\"\"\nHello\nthere\n\"\"\"\n/save " + file + "\n");
        var saved = new JsonMapper().readTree(file);

        assertThat(saved.get("model").stringValue()).isEqualTo("pebble");
        assertThat(saved.get("messages").valueStream().map(message -> message.get("role").stringValue())).containsExactly("system", "user", "assistant");
        assertThat(saved.get("messages").get(1).get("content").stringValue()).isEqualTo("Hello\nthere");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void printsOneJsonObjectAtTheEnd() {
        var json = chat("Hello\n", "--json", "--system", "Answer briefly.").json();

        assertThat(json.propertyNames()).containsExactly("model", "messages");
        assertThat(json.get("messages")).hasSize(3);
    }

    @Test
    void forgetsOnReset() {
        assertThat(chat("Hello\n/reset\n/show\n").err()).contains("context 0 of 512").doesNotContain("user: Hello");
    }

    @Test
    void leavesOnBye() {
        assertThat(chat("/bye\nHello\n").out()).isEmpty();
    }

    @Test
    void changesSettings() {
        assertThat(chat("/set temperature 0.5\n/set top-k 3\n/set n 7\n/set seed 9\n/set\n").err())
                .contains("temperature 0.5, top-k 3,", "seed 9, n 7");
    }

    @Test
    void saysWhatIsWrongWithACommandAndGoesOn() {
        var outcome = chat("/frobnicate\n/set temperature warm\n/set top-p 7\n/set colour red\n/load no-such-file.json\n/save\n/set\nHello\n");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("there is no command /frobnicate", "expected a number", "top-p is 7.0", "there is no setting colour",
                "no-such-file.json: there is no such file", "/save needs", "top-p 0.95");
        assertThat(outcome.out()).isNotBlank();
    }

    @Test
    void saysThatTheContextIsFullInsteadOfForgettingSilently() {
        var outcome = chat("Tell me a story\nTell me another story\nAnd one more story\n/show\n", "-c", "30");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("The context is full", "/reset").contains("does not fit the context");
    }

    @Test
    void helpNamesEveryCommand() {
        assertThat(chat("/help\n").err()).contains("/help", "/system", "/set", "/show", "/save", "/load", "/reset", "/stats", "/bye");
    }

    @Test
    void namesTheFileItCannotSave() {
        assertThat(chat("/save " + folder.resolve("absent").resolve("a.json") + "\n").err()).contains("there is no folder", "absent").doesNotContain(".part");
        assertThat(chat("/save " + folder + "\n").err()).contains(folder + ": is a folder");
    }

    @Test
    void keepsTheHistoryInTheUsersHome() {
        assertThat(ChatCommand.history(consoleOf(Map.of("HOME", folder.toString())))).isEqualTo(folder.resolve(".local/state/ondine/chat-history"));
        assertThat(ChatCommand.history(consoleOf(Map.of("XDG_STATE_HOME", folder.toString())))).isEqualTo(folder.resolve("ondine/chat-history"));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void goesWithoutHistoryWhereItCannotBeKept() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThat(ChatCommand.history(consoleOf(Map.of("HOME", file.toString())))).isNull();

        assertThat(err.toString().lines()).hasSize(1).first().asString().contains("not kept", file.toString());
    }

    private Console consoleOf(Map<String, String> environment) {
        return new Console(System.in, new Output(new ByteArrayOutputStream()), new Output(err), true, true, true, environment);
    }
}
