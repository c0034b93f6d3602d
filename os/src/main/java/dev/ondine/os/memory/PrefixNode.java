package dev.ondine.os.memory;

import dev.ondine.models.KvLayout;
import dev.ondine.models.SequenceState;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A place in a {@link PrefixTree}: the tokens from its parent's place to its own, whole blocks of them, and the cache up to there. */
final class PrefixNode {

    static final int BLOCK = KvLayout.BLOCK_POSITIONS;

    /** By the first block of their tokens. */
    final Map<IntBuffer, PrefixNode> children = new HashMap<>();

    /** Tokens from the root to here. */
    final int depth;

    PrefixNode parent;
    int[] tokens;
    /** As long as this is deep; null at a root, and where a window had passed on before the place became one. */
    SequenceState state;
    long lastUse;

    private PrefixNode(PrefixNode parent, int[] tokens, int depth, SequenceState state) {
        this.parent = parent;
        this.tokens = tokens;
        this.depth = depth;
        this.state = state;
    }

    static PrefixNode root() {
        return new PrefixNode(null, new int[0], 0, null);
    }

    /** @param all tokens of a sequence, of which this place has those up to {@code to} */
    PrefixNode addChild(int[] all, int to, SequenceState childState) {
        PrefixNode child = new PrefixNode(this, Arrays.copyOfRange(all, depth, to), to, childState);
        children.put(child.key(), child);
        return child;
    }

    /** The child whose first block goes on as these tokens do; null for none. */
    PrefixNode child(int[] all) {
        return children.get(IntBuffer.wrap(all, depth, BLOCK).slice());
    }

    private IntBuffer key() {
        return IntBuffer.wrap(tokens, 0, BLOCK).slice();
    }

    /** How deep these tokens and the way to this place are the same, in whole blocks. */
    int commonDepth(int[] all, int most) {
        int from = depth - tokens.length;
        int end = Math.min(depth, most);
        int different = Arrays.mismatch(tokens, 0, end - from, all, from, end);
        return from + (different < 0 ? end - from : different) / BLOCK * BLOCK;
    }

    /** Puts a place between the parent and this. */
    PrefixNode split(int at) {
        int count = at - parent.depth;
        SequenceState cut = null;
        if (state != null && state.canTruncate(at)) {
            cut = state.fork();
            cut.truncate(at);
        }
        PrefixNode between = new PrefixNode(parent, Arrays.copyOf(tokens, count), at, cut);
        parent.children.put(between.key(), between);
        tokens = Arrays.copyOfRange(tokens, count, tokens.length);
        parent = between;
        between.children.put(key(), this);
        between.lastUse = lastUse;
        return between;
    }

    /** Takes a place without children out of the tree, and all above it that then lead nowhere. */
    void remove() {
        closeState();
        parent.children.remove(key());
        if (parent.parent != null && parent.children.isEmpty() && parent.state == null) {
            parent.remove();
        }
    }

    void closeState() {
        if (state != null) {
            state.close();
            state = null;
        }
    }
}
