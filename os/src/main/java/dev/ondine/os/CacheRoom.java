package dev.ondine.os;

import java.util.Collection;

/**
 * Who may be in the cache. A task that needs room takes it from the least urgent one that is less urgent than itself: first from tasks
 * that cannot run anyway, then of a higher rank, then of its own rank what came later. Parked so often as the settings say, a task
 * loses its cache to interrupts alone, until nothing else could run at all.
 */
final class CacheRoom {

    private final SchedulerSettings settings;
    private final Collection<Task> tasks;
    private int running;
    private int preemptions;
    private long movedBytes;

    /** @param tasks all that have not ended, kept up to date by the owner */
    CacheRoom(SchedulerSettings settings, Collection<Task> tasks) {
        this.settings = settings;
        this.tasks = tasks;
    }

    int preemptions() {
        return preemptions;
    }

    /** Of the caches that were parked. */
    long movedBytes() {
        return movedBytes;
    }

    /** Brings a task's cache back if it has none. @return false if there is no room */
    boolean bringBack(Task task, long step) {
        if (task.standing.holdsCache) {
            task.state = TaskState.RUNNING;
            return true;
        }
        int kept = -1;
        while ((running >= settings.mostRunning() || (kept = task.runner().restore(task)) < 0) && parkOne(task, step)) {
            kept = -1;
        }
        if (kept < 0) {
            return false;
        }
        task.computed = kept;
        if (task.state == TaskState.WAITING) {
            task.cachedPromptTokens = kept;
        }
        task.state = TaskState.RUNNING;
        task.standing.holdsCache = true;
        running++;
        return true;
    }

    /** Makes room for so many more tokens. @return false if there is none */
    boolean reserve(Task task, int tokens, long step) {
        while (!task.runner().reserve(task, tokens)) {
            if (!parkOne(task, step)) {
                return false;
            }
        }
        return true;
    }

    private boolean parkOne(Task needy, long step) {
        Task victim = null;
        for (Task other : tasks) {
            if (yields(other, needy, step) && (victim == null || isLessUrgent(other, victim))) {
                victim = other;
            }
        }
        if (victim == null) {
            return false;
        }
        park(victim, canRun(victim));
        return true;
    }

    private boolean yields(Task other, Task needy, long step) {
        Standing standing = other.standing;
        if (!standing.holdsCache || other == needy || standing.plannedIn == step || other.runner() != needy.runner()) {
            return false;
        }
        if (!canRun(other)) {
            return true;
        }
        boolean isSpent = other.preemptions >= settings.mostPreemptions() || other.isItsTurn();
        return isBefore(needy, other) && (!isSpent || needy.priority() == PriorityClass.INTERRUPT);
    }

    private static boolean canRun(Task task) {
        return !task.isPaused && task.state != TaskState.BLOCKED;
    }

    /** Stable as long as ranks are, so that two tasks do not take the room from each other in turns. */
    private static boolean isBefore(Task one, Task other) {
        return one.standing.rank != other.standing.rank ? one.standing.rank < other.standing.rank : one.id() < other.id();
    }

    private static boolean isLessUrgent(Task one, Task other) {
        return canRun(one) != canRun(other) ? canRun(other) : isBefore(other, one);
    }

    private void park(Task task, boolean isPreemption) {
        movedBytes += task.runner().park(task);
        task.standing.holdsCache = false;
        running--;
        if (isPreemption) {
            task.state = TaskState.PARKED;
            task.preemptions++;
            preemptions++;
        }
    }

    /** Parks all others, one after another, until a task can have its next token. @return false if it cannot even then */
    boolean clear(Task task) {
        while (!(bringBack(task, Long.MAX_VALUE) && task.runner().reserve(task, 1))) {
            Task victim = null;
            for (Task other : tasks) {
                if (other.standing.holdsCache && other != task && (victim == null || isWorseToKeep(other, victim, task))) {
                    victim = other;
                }
            }
            if (victim == null) {
                return false;
            }
            park(victim, canRun(victim));
        }
        return true;
    }

    /** Those on the same runner go first: the room of others is perhaps of another kind. */
    private static boolean isWorseToKeep(Task one, Task other, Task needy) {
        boolean sameRunner = one.runner() == needy.runner();
        return sameRunner != (other.runner() == needy.runner()) ? sameRunner : isLessUrgent(one, other);
    }

    /** A task has ended. */
    void leave(Task task) {
        if (task.standing.holdsCache) {
            task.standing.holdsCache = false;
            running--;
        }
    }
}
