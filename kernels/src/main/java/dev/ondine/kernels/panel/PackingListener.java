package dev.ondine.kernels.panel;

/** Hears how packing goes; called on the thread that loads. */
public interface PackingListener {

    /** Hears nothing. */
    PackingListener NONE = new PackingListener() {

        @Override
        public void progress(long doneBytes, long totalBytes) {
            // Nobody listens.
        }

        @Override
        public void notice(String line) {
            // Nobody listens.
        }
    };

    /** Some more bytes are packed; not called where packed weights come from the cache. */
    void progress(long doneBytes, long totalBytes);

    /** The cache is of no use, now or at the next start; says why. */
    void notice(String line);
}
