package dev.ondine.api.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FreeMemoryTest {

    @TempDir
    private Path root;

    @Test
    @EnabledOnOs(OS.LINUX)
    void isPartOfThisMachinesMemory() {
        assertThat(FreeMemory.bytes()).isPositive().isLessThan(1L << 50);
    }

    @Test
    void isUnknownOnOtherSystems() {
        assertThat(FreeMemory.found(root)).isEmpty();
    }

    @Test
    void isWhatTheMachineHasWithoutALimit() throws IOException {
        write("proc/meminfo", "MemTotal:       24684300 kB\nMemAvailable:    2000000 kB\n");
        write("proc/self/cgroup", "4:memory:/user\n0::/user\n");
        write("sys/fs/cgroup/memory/user/memory.limit_in_bytes", "9223372036854771712\n");
        write("sys/fs/cgroup/user/memory.max", "max\n");
        assertThat(FreeMemory.found(root)).hasValue(2_000_000L * 1024);
    }

    /** The tightest of the groups around the process counts, and cached files are free. */
    @Test
    void staysWithinControlGroups() throws IOException {
        write("proc/meminfo", "MemAvailable:    2000000 kB\n");
        write("proc/self/cgroup", "0::/user/shell\n");
        write("sys/fs/cgroup/user/shell/memory.max", "max\n");
        write("sys/fs/cgroup/user/memory.max", "500000000\n");
        write("sys/fs/cgroup/user/memory.current", "300000000\n");
        write("sys/fs/cgroup/user/memory.stat", "anon 5\ninactive_file 100000000\nactive_file 20000000\n");
        assertThat(FreeMemory.found(root)).hasValue(320_000_000L);
    }

    /** A container's path may be one outside it. */
    @Test
    void staysWithinAContainerOfVersionOne() throws IOException {
        write("proc/meminfo", "MemAvailable:    2000000 kB\n");
        write("proc/self/cgroup", "5:cpu:/\n4:memory:/docker/1234\n0::/\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "500000000\n");
        write("sys/fs/cgroup/memory/memory.usage_in_bytes", "300000000\n");
        write("sys/fs/cgroup/memory/memory.stat", "inactive_file 7\ntotal_inactive_file 100000000\ntotal_active_file 1\n");
        assertThat(FreeMemory.found(root)).hasValue(300_000_001L);
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
