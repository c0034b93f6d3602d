package dev.ondine.os.memory;

import dev.ondine.models.Batch;
import dev.ondine.models.KvBlockPool;
import dev.ondine.models.KvLayout;
import dev.ondine.models.SequenceState;
import dev.ondine.tensor.NumberFormat;

/** Sequences that hold blocks as after so many tokens, without a model. */
final class Grown {

    /** One full layer. */
    static final KvLayout FULL = KvLayout.of(1, 32, NumberFormat.F16, 0);
    /** A windowed layer and a full one. */
    static final KvLayout WINDOWED = KvLayout.of(1, 32, NumberFormat.F16, 40, 0);

    private static final int STEP = 16;

    private Grown() {
    }

    static SequenceState sequence(KvBlockPool pool, KvLayout layout, int length) {
        SequenceState state = pool.newSequence();
        grow(state, layout, length);
        return state;
    }

    static void grow(SequenceState state, KvLayout layout, int tokens) {
        Batch batch = new Batch(STEP, layout);
        for (int i = 0; i < tokens; i++) {
            batch.add(state, 0, false);
            if (batch.rows() == STEP) {
                batch.clear();
            }
        }
        batch.clear();
    }
}
