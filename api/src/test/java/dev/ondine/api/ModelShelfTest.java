package dev.ondine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.engine.FinishReason;
import dev.ondine.files.ModelFileException;
import dev.ondine.models.CapacityException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Models that come and go while tasks run. */
@Timeout(120)
class ModelShelfTest {

    private static final String WAKE = "Wake me at half past six";
    private static final long CACHE_BYTES = 8 << 20;

    private static OndineSettings settings() {
        return OndineSettings.standard().withKvBytes(CACHE_BYTES);
    }

    private static ModelSource pebble(String name) {
        return ModelSource.embedded().named(name);
    }

    @Test
    void loadsAModelAtItsFirstTask() throws InterruptedException {
        try (Ondine ondine = new Ondine(settings())) {
            LocalModel model = ondine.add(pebble("a"));
            assertThat(model.state()).isEqualTo(ModelState.KNOWN);
            assertThat(model.details().architecture()).isEqualTo("llama");
            assertThat(model.details().contextLength()).isEqualTo(512);
            assertThat(model.state()).isEqualTo(ModelState.KNOWN);

            assertThat(ondine.task(WAKE).run().text()).contains("set_alarm");

            assertThat(model.state()).isEqualTo(ModelState.READY);
            assertThat(model.stats().kvBytes()).isEqualTo(CACHE_BYTES);
            assertThat(model.stats().lastUse()).isPresent();
        }
    }

    @Test
    void findsModelsByEveryName() {
        try (Ondine ondine = new Ondine(settings())) {
            LocalModel first = ondine.add(pebble("a").withAlias("gpt-4o"));
            LocalModel second = ondine.add(pebble("b"));

            assertThat(ondine.model("gpt-4o")).isSameAs(first).isSameAs(ondine.model("a")).isSameAs(ondine.model());
            assertThat(ondine.models()).containsExactly(first, second);
            assertThatThrownBy(() -> ondine.add(pebble("gpt-4o"))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("already");
            assertThat(ModelSource.file(Path.of("/m/qwen-00001-of-00003.gguf")).name()).isEqualTo("qwen");
        }
    }

    @Test
    void forgetsAModelThatDoesNotLoad(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("bad.gguf"), "no model");
        try (Ondine ondine = new Ondine(settings())) {
            assertThatThrownBy(() -> ondine.load(file)).isInstanceOf(ModelFileException.class);
            assertThat(ondine.models()).isEmpty();
            LocalModel known = ondine.add(ModelSource.file(file));
            assertThatThrownBy(known::load).isInstanceOf(ModelFileException.class);
            assertThat(known.state()).isEqualTo(ModelState.FAILED);
        }
    }

    @Test
    void endsTheTasksOfAModelThatGoesAndBringsItBack() throws InterruptedException {
        try (Ondine ondine = Ondine.open(pebble("a"), settings()); OndineTask task = ondine.task(WAKE).ignoreEnd().start()) {
            task.pause();
            assertThat(ondine.unload("a", Duration.ZERO)).isTrue();
            assertThat(task.answer().finishReason()).isEqualTo(FinishReason.FAILED);
            assertThat(task.answer().problem()).contains("model a was unloaded");
            assertThatThrownBy(() -> task.answer().orThrow()).isInstanceOf(TaskFailedException.class).hasMessageContaining("unloaded");
            assertThat(ondine.model().state()).isEqualTo(ModelState.KNOWN);
            assertThat(ondine.unload("a", Duration.ZERO)).isFalse();
            assertThat(ondine.task(WAKE).run().text()).contains("set_alarm");
        }
    }

    @Test
    void waitsForTheTasksOfAModelThatGoes() throws InterruptedException {
        try (Ondine ondine = Ondine.open(pebble("a"), settings()); OndineTask task = ondine.task(WAKE).start()) {
            assertThat(ondine.unload("a", Duration.ofSeconds(60))).isTrue();
            assertThat(task.answer().finishReason()).isEqualTo(FinishReason.STOP);
        }
    }

    @Test
    void makesRoomWithTheModelThatWasNotUsedForLongest() throws InterruptedException {
        long two;
        try (Ondine ondine = Ondine.open(pebble("a"), settings())) {
            two = 2 * ondine.stats().bytes() + 1000;
        }
        try (Ondine ondine = new Ondine(settings().withMemoryBytes(two))) {
            LocalModel a = ondine.load(pebble("a"));
            LocalModel b = ondine.load(pebble("b"));
            ondine.task(WAKE).model(a).run();
            LocalModel c = ondine.load(pebble("c"));

            assertThat(a.state()).isEqualTo(ModelState.READY);
            assertThat(b.state()).isEqualTo(ModelState.KNOWN);
            try (OndineTask ofA = ondine.task(WAKE).model(a).start(); OndineTask ofC = ondine.task(WAKE).model(c).start()) {
                ofA.pause();
                ofC.pause();
                if (!ofA.isDone() && !ofC.isDone()) {
                    assertThatThrownBy(b::load).isInstanceOf(CapacityException.class).hasMessageContaining("b needs");
                }
            }
            assertThat(ondine.task(WAKE).model(b).run().text()).contains("set_alarm");
        }
        try (Ondine ondine = new Ondine(settings().withMemoryBytes(1000))) {
            assertThatThrownBy(() -> ondine.load(pebble("a"))).isInstanceOf(CapacityException.class).hasMessageContaining("raise the budget");
        }
    }

    @Test
    void takesAModelOutWhenItsTimeHasCome() throws InterruptedException {
        try (Ondine ondine = Ondine.open(pebble("a").withTimeToLive(Duration.ofHours(1)), settings())) {
            ondine.task(WAKE).run();
            assertThat(ondine.model().stats().unloadsAt()).isPresent();
            assertThat(ondine.model().state()).isEqualTo(ModelState.READY);

            ondine.model().timeToLive(Optional.of(Duration.ZERO));

            while (ondine.model().state() != ModelState.KNOWN) {
                Thread.sleep(5);
            }
            assertThat(ondine.stats().bytes()).isZero();
        }
    }

    @Test
    void runsTasksOfSeveralModelsSideBySide() throws InterruptedException {
        try (Ondine ondine = new Ondine(settings())) {
            ondine.add(pebble("a"));
            ondine.add(pebble("b"));
            try (OndineTask a = ondine.task(WAKE).model("a").start(); OndineTask b = ondine.task("Play rock music").model("b").start()) {
                assertThat(a.answer().text()).contains("set_alarm");
                assertThat(b.answer().text()).contains("play_music");
            }
        }
    }
}
