package dev.ondine.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.os.simulate.VirtualClock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppAccountsTest {

    private final VirtualClock clock = new VirtualClock();
    private long ids;

    private AppAccounts accounts(AppQuota quota) {
        return new AppAccounts(new KernelSettings(Map.of("app", quota), AppQuota.UNLIMITED, 1, Optional.empty()), clock);
    }

    private Task task(String app, int promptTokens) {
        TaskTerms terms = TaskTerms.FOREGROUND.ofApp(app);
        return new Task(++ids, null, terms, promptTokens, 1000, clock.nanos());
    }

    private static double waitSeconds(AppAccounts accounts, Task task) {
        try {
            accounts.open(task, 0);
            accounts.close(task);
            return 0;
        } catch (RefusedException refusal) {
            assertThat(refusal.reason()).isEqualTo(RefusedException.Reason.QUOTA);
            return refusal.earliest().orElseThrow().toNanos() * 1e-9;
        }
    }

    @Test
    void tokensComeBackWithTime() {
        AppAccounts accounts = accounts(new AppQuota(10, 600, Duration.ofMinutes(1), PriorityClass.FOREGROUND, 1));
        Task first = task("app", 100);
        accounts.open(first, 0);
        first.length = 600;
        accounts.close(first);

        double wait = waitSeconds(accounts, task("app", 100));
        assertThat(wait).as("100 of 600 tokens a minute").isCloseTo(10, within(0.01));
        clock.advance(wait / 2);
        assertThat(waitSeconds(accounts, task("app", 100))).isCloseTo(5, within(0.01));
        clock.advance(wait / 2);
        assertThat(waitSeconds(accounts, task("app", 100))).isZero();
        assertThat(waitSeconds(accounts, task("other", 100_000))).isZero();
    }

    /** A prompt longer than a minute's tokens gets in when all of them are there. */
    @Test
    void takesALongPromptFromAFullAllowance() {
        AppAccounts accounts = accounts(new AppQuota(10, 600, Duration.ofMinutes(1), PriorityClass.FOREGROUND, 1));
        assertThat(waitSeconds(accounts, task("app", 6000))).isZero();
        assertThat(waitSeconds(accounts, task("app", 1))).isCloseTo(540, within(1.0));
    }

    /** What tasks use while they run counts for the next, before they end. */
    @Test
    void countsWhatRuns() {
        AppAccounts accounts = accounts(new AppQuota(10, 1000, Duration.ofSeconds(6), PriorityClass.FOREGROUND, 1));
        Task running = task("app", 10);
        accounts.open(running, 0);
        running.computeSeconds = 9;
        assertThat(waitSeconds(accounts, task("app", 1))).as("3 of 6 seconds a minute too many").isCloseTo(30, within(0.1));
        clock.advance(31);
        assertThat(waitSeconds(accounts, task("app", 1))).isZero();
    }

    @Test
    void boundsTheTasksOfAnApp() {
        AppAccounts accounts = accounts(new AppQuota(2, 1000, Duration.ofSeconds(6), PriorityClass.FOREGROUND, 1));
        Task first = task("app", 1);
        accounts.open(first, 0);
        accounts.open(task("app", 1), 0);
        assertThat(waitSeconds(accounts, task("app", 1))).isPositive();
        accounts.close(first);
        assertThat(waitSeconds(accounts, task("app", 1))).isZero();
    }

    @Test
    void boundsItsShareOfTheCache() {
        AppAccounts accounts = accounts(new AppQuota(20, 1000, Duration.ofSeconds(6), PriorityClass.FOREGROUND, 0.5));
        assertThatCode(() -> accounts.open(task("app", 1), 0.5)).doesNotThrowAnyException();
        assertThatThrownBy(() -> accounts.open(task("app", 1), 0.6)).isInstanceOf(RefusedException.class).hasMessageContaining("60 %");
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1, 1, most tasks", "1, 0, 1, 1, tokens per minute", "1, 1, 0, 1, compute per minute", "1, 1, 1, 0, cache share",
        "1, 1, 1, 1.5, cache share", "1, 1, 1, NaN, cache share"})
    void refusesAQuotaOfNothing(int tasks, long tokens, long seconds, double share, String name) {
        assertThatThrownBy(() -> new AppQuota(tasks, tokens, Duration.ofSeconds(seconds), PriorityClass.NORMAL, share))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(name);
    }
}
