package dev.ondine.api.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * Memory that this process could still take: what the machine has, within the limits of the control groups that the process is in, such
 * as a container's. Cached files count as free. Linux alone tells.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html">control groups v2</a>
 */
public final class FreeMemory {

    /** Far above any machine's; version 1 of control groups says so about no limit. */
    private static final long UNLIMITED = 1L << 60;

    private FreeMemory() {
    }

    /** As much as anybody asks for, where the system does not tell. */
    public static long bytes() {
        return found().orElse(Long.MAX_VALUE);
    }

    public static OptionalLong found() {
        return found(Path.of("/"));
    }

    /** @param root of the file system */
    static OptionalLong found(Path root) {
        long least = inMachine(root);
        for (String group : lines(root.resolve("proc/self/cgroup"))) {
            least = Math.min(least, inGroups(root.resolve("sys/fs/cgroup"), group.split(":", 3)));
        }
        return least < UNLIMITED ? OptionalLong.of(least) : OptionalLong.empty();
    }

    private static long inMachine(Path root) {
        return number(root.resolve("proc/meminfo"), "MemAvailable:", UNLIMITED >> 10) << 10;
    }

    /** @param group number, controllers and path; version 2 names no controllers */
    private static long inGroups(Path top, String[] group) {
        return switch (group[1]) {
            case "" -> inGroups(top, group[2], "memory.max", "memory.current", "");
            case "memory" -> inGroups(top.resolve("memory"), group[2], "memory.limit_in_bytes", "memory.usage_in_bytes", "total_");
            default -> UNLIMITED;
        };
    }

    /** In a group and those around it. A container sees its own group as the top one, perhaps under a path that is not there. */
    private static long inGroups(Path top, String path, String limit, String usage, String prefix) {
        long least = UNLIMITED;
        for (Path group = Path.of(top + path).normalize(); group.startsWith(top); group = group.getParent()) {
            long most = number(group.resolve(limit), "", UNLIMITED);
            if (most < UNLIMITED) {
                least = Math.min(least, most - number(group.resolve(usage), "", 0) + cachedFiles(group.resolve("memory.stat"), prefix));
            }
        }
        return least;
    }

    private static long cachedFiles(Path statistics, String prefix) {
        return number(statistics, prefix + "active_file ", 0) + number(statistics, prefix + "inactive_file ", 0);
    }

    /** The number in the line that begins so; the other if there is none, as in {@code max}. */
    private static long number(Path file, String start, long otherwise) {
        for (String line : lines(file)) {
            String digits = line.startsWith(start) ? line.substring(start.length()).replace("kB", "").strip() : "";
            if (!digits.isEmpty() && digits.length() < 19 && digits.chars().allMatch(Character::isDigit)) {
                return Long.parseLong(digits);
            }
        }
        return otherwise;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException none) {
            return List.of();
        }
    }
}
