package dev.ondine.os;

import dev.ondine.models.SequenceState;

/** What the engine knows of a task. */
final class Job {

    final Content content;
    SequenceState state;

    Job(Content content) {
        this.content = content;
    }
}
