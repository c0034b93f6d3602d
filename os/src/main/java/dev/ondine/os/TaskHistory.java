package dev.ondine.os;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The tasks of this process that ended last, with what came of them. One thread uses it at a time. */
final class TaskHistory {

    private final int most;
    private final Map<Long, Entry> entries = new LinkedHashMap<>();

    /** What is known of a task. @param view as it was at its end */
    record Entry(TaskView view, TaskResult result) {
    }

    /** @param most entries; older ones are forgotten */
    TaskHistory(int most) {
        this.most = most;
    }

    void add(TaskView view, TaskResult result) {
        entries.put(result.id(), new Entry(view, result));
        if (entries.size() > most) {
            entries.remove(entries.keySet().iterator().next());
        }
    }

    Optional<Entry> find(long id) {
        return Optional.ofNullable(entries.get(id));
    }

    boolean forget(long id) {
        return entries.remove(id) != null;
    }
}
