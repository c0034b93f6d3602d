package dev.ondine.os.memory;

import dev.ondine.models.CompressedKv;
import dev.ondine.models.SequenceState;
import dev.ondine.os.memory.MemorySnapshot.CacheForm;

/** Where the cache of a task is. */
sealed interface CachePlace {

    CachePlace NOWHERE = new None();

    CacheForm form();

    /** Bytes that it alone holds, wherever they are. */
    long bytes();

    /** Bytes of the pool that it alone holds. */
    default long poolBytes() {
        return 0;
    }

    /** Bytes of a file. */
    default long fileBytes() {
        return 0;
    }

    /** Of a task that runs. */
    record Running(SequenceState state) implements CachePlace {

        @Override
        public CacheForm form() {
            return CacheForm.RUNNING;
        }

        @Override
        public long bytes() {
            return state.ownBytes();
        }

        @Override
        public long poolBytes() {
            return state.ownBytes();
        }
    }

    /** @param tokens of the task; as many as the cache holds count */
    record Kept(SequenceState state, int[] tokens) implements CachePlace {

        @Override
        public CacheForm form() {
            return CacheForm.KEPT;
        }

        @Override
        public long bytes() {
            return state.ownBytes();
        }

        @Override
        public long poolBytes() {
            return state.ownBytes();
        }
    }

    /** @param heldBytes that it takes in the pool again */
    record Compressed(CompressedKv data, long heldBytes) implements CachePlace {

        @Override
        public CacheForm form() {
            return CacheForm.COMPRESSED;
        }

        @Override
        public long bytes() {
            return data.bytes();
        }
    }

    /** @param heldBytes that it takes in the pool again */
    record Swapped(SwapFolder.SwappedSequence file, long heldBytes) implements CachePlace {

        @Override
        public CacheForm form() {
            return CacheForm.SWAPPED;
        }

        @Override
        public long bytes() {
            return file.bytes();
        }

        @Override
        public long fileBytes() {
            return file.bytes();
        }
    }

    /** To be computed. */
    record None() implements CachePlace {

        @Override
        public CacheForm form() {
            return CacheForm.NONE;
        }

        @Override
        public long bytes() {
            return 0;
        }
    }
}
