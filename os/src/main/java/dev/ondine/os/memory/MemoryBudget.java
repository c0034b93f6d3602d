package dev.ondine.os.memory;

import dev.ondine.models.CapacityException;
import java.util.ArrayList;
import java.util.List;

/** All memory that a process may hold for models: weights, caches, indexes; and who holds how much of it. Any thread may use it. */
public final class MemoryBudget {

    private final long totalBytes;
    private final List<Claim> claims = new ArrayList<>();

    /** @throws IllegalArgumentException if it is negative */
    public MemoryBudget(long totalBytes) {
        if (totalBytes < 0) {
            throw new IllegalArgumentException("the memory budget is %d bytes, expected 0 or more".formatted(totalBytes));
        }
        this.totalBytes = totalBytes;
    }

    /** What memory is for. */
    public enum Use { WEIGHTS, ACTIVATIONS, KV_CACHE, INDEX }

    /** Who holds how much, at a moment. */
    public record Holding(String holder, Use use, long bytes) {
    }

    /** A part of the budget that somebody holds. Close it to give it back. */
    public final class Claim implements AutoCloseable {

        private final String holder;
        private final Use use;
        private long bytes;

        private Claim(String holder, Use use, long bytes) {
            this.holder = holder;
            this.use = use;
            this.bytes = bytes;
        }

        public long bytes() {
            synchronized (claims) {
                return bytes;
            }
        }

        /** Holds as much from now on. @return false if there is not as much, then all stays as it is */
        public boolean resize(long newBytes) {
            synchronized (claims) {
                if (newBytes < 0 || newBytes - bytes > freeBytes()) {
                    return false;
                }
                bytes = newBytes;
                return true;
            }
        }

        @Override
        public void close() {
            synchronized (claims) {
                claims.remove(this);
                bytes = 0;
            }
        }
    }

    /**
     * Gives somebody a part.
     *
     * @param holder for people, e.g. the name of a model
     * @throws CapacityException if there is not as much
     */
    public Claim claim(String holder, Use use, long bytes) {
        Claim claim = new Claim(holder, use, 0);
        synchronized (claims) {
            if (!claim.resize(bytes)) {
                throw new CapacityException("%s needs %d bytes, the budget has %d of %d left; unload something or raise the budget"
                        .formatted(holder, bytes, freeBytes(), totalBytes));
            }
            claims.add(claim);
        }
        return claim;
    }

    public long totalBytes() {
        return totalBytes;
    }

    /** What nobody holds. */
    public long freeBytes() {
        synchronized (claims) {
            return totalBytes - claims.stream().mapToLong(Claim::bytes).sum();
        }
    }

    /** In the order of the claims. */
    public List<Holding> holdings() {
        synchronized (claims) {
            return claims.stream().map(claim -> new Holding(claim.holder, claim.use, claim.bytes)).toList();
        }
    }
}
