package dev.ondine.os.memory;

import dev.ondine.models.SequenceState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Caches of prompts and answers that have been computed, found again by their tokens: a radix tree over blocks of 32 tokens, whose
 * places share cache blocks with each other and with the tasks that go on from them.
 *
 * <p>Every app has a tree of its own, so that no app can tell by the time a prompt takes what another has asked. Beginnings that an
 * app marks as shareable lie in one more tree, which all see.
 *
 * @see <a href="https://arxiv.org/abs/2312.07104">SGLang</a>, whose radix tree this follows
 */
public final class PrefixTree implements AutoCloseable {

    private static final Comparator<PrefixNode> BY_USE = Comparator.comparingLong(node -> node.lastUse);

    private final LongSupplier uses;
    private final PrefixNode shared = PrefixNode.root();
    private final Map<String, PrefixNode> byApp = new HashMap<>();

    /** @param uses gives a larger number every time */
    public PrefixTree(LongSupplier uses) {
        this.uses = uses;
    }

    /** Where a walk along tokens ended. @param next the place on the way to which it ended; null if it ended at {@code node} */
    private record Walk(PrefixNode node, PrefixNode next, int depth) {
    }

    /** A place, and how much of its cache is wanted. */
    private record Found(PrefixNode node, int depth) {
    }

    /**
     * A new sequence with the longest beginning of these tokens that this app may see; the caller closes it. Empty if there is none.
     *
     * @param most tokens that it may have
     */
    public Optional<SequenceState> longest(String app, int[] tokens, int most) {
        Optional<Found> own = Optional.ofNullable(byApp.get(app)).flatMap(root -> find(root, tokens, most));
        return Stream.of(own, find(shared, tokens, most)).flatMap(Optional::stream).max(Comparator.comparingInt(Found::depth))
                .map(this::take);
    }

    private SequenceState take(Found found) {
        touch(found.node);
        SequenceState state = found.node.state.fork();
        state.truncate(found.depth);
        return state;
    }

    private static Optional<Found> find(PrefixNode root, int[] tokens, int most) {
        Walk walk = walk(root, tokens, most);
        if (walk.next != null && walk.next.state != null && walk.next.state.canTruncate(walk.depth)) {
            return Optional.of(new Found(walk.next, walk.depth));
        }
        PrefixNode node = walk.node;
        while (node.parent != null && node.state == null) {
            node = node.parent;
        }
        return node.parent == null ? Optional.empty() : Optional.of(new Found(node, node.depth));
    }

    private static Walk walk(PrefixNode root, int[] tokens, int most) {
        PrefixNode node = root;
        while (node.depth + PrefixNode.BLOCK <= most) {
            PrefixNode next = node.child(tokens);
            if (next == null) {
                break;
            }
            int depth = next.commonDepth(tokens, most);
            if (depth < next.depth) {
                return new Walk(node, next, depth);
            }
            node = next;
        }
        return new Walk(node, null, node.depth);
    }

    private void touch(PrefixNode place) {
        long use = uses.getAsLong();
        for (PrefixNode node = place; node != null; node = node.parent) {
            node.lastUse = use;
        }
    }

    /**
     * Keeps what a sequence has computed, as far as whole blocks go. What the tree has already is shared with the sequence, so that
     * one copy stays.
     *
     * @param tokens    of the sequence; its first {@link SequenceState#length()} count
     * @param shareable how many of the first tokens all apps may see
     */
    public void insert(String app, int[] tokens, int shareable, SequenceState state) {
        insert(shared, tokens, Math.min(shareable, state.length()), state);
        insert(byApp.computeIfAbsent(app, _ -> PrefixNode.root()), tokens, state.length(), state);
    }

    private void insert(PrefixNode root, int[] tokens, int length, SequenceState state) {
        int end = length / PrefixNode.BLOCK * PrefixNode.BLOCK;
        if (end == 0 || !state.canTruncate(end)) {
            return;
        }
        Walk walk = walk(root, tokens, end);
        PrefixNode node = walk.next == null ? walk.node : walk.next.split(walk.depth);
        if (node.state != null) {
            state.adopt(node.state);
        }
        if (node.depth < end) {
            node = node.addChild(tokens, end, cut(state, end));
        } else if (node.state == null) {
            node.state = cut(state, end);
        }
        touch(node);
    }

    private static SequenceState cut(SequenceState state, int length) {
        SequenceState cut = state.fork();
        cut.truncate(length);
        return cut;
    }

    /** Shares with a sequence what is kept of the same tokens and gives its own copy back. Parameters as for {@link #insert}. */
    void share(String app, int[] tokens, SequenceState state) {
        Stream.of(Optional.of(shared), Optional.ofNullable(byApp.get(app))).flatMap(Optional::stream)
                .map(root -> walk(root, tokens, state.length()).node).filter(node -> node.state != null)
                .forEach(node -> {
                    touch(node);
                    state.adopt(node.state);
                });
    }

    /** When the end that {@link #evict} would remove was last used; the largest number if that would free nothing. */
    long oldestUse() {
        return oldestAlone(leaves()).map(node -> node.lastUse).orElse(Long.MAX_VALUE);
    }

    /**
     * Forgets the end that was not used for longest, if possible one whose blocks nobody else holds.
     *
     * @return false if there is none
     */
    public boolean evict() {
        List<PrefixNode> leaves = leaves();
        Optional<PrefixNode> oldest = oldestAlone(leaves).or(() -> leaves.stream().min(BY_USE));
        oldest.ifPresent(PrefixNode::remove);
        byApp.values().removeIf(root -> root.children.isEmpty());
        return oldest.isPresent();
    }

    private static Optional<PrefixNode> oldestAlone(List<PrefixNode> leaves) {
        return leaves.stream().filter(node -> node.state != null && node.state.ownBytes() > 0).min(BY_USE);
    }

    private List<PrefixNode> leaves() {
        List<PrefixNode> leaves = new ArrayList<>();
        collectLeaves(shared, leaves);
        byApp.values().forEach(root -> collectLeaves(root, leaves));
        return leaves;
    }

    private static void collectLeaves(PrefixNode node, List<PrefixNode> leaves) {
        if (node.children.isEmpty() && node.parent != null) {
            leaves.add(node);
        }
        node.children.values().forEach(child -> collectLeaves(child, leaves));
    }

    /** Forgets everything. */
    @Override
    public void close() {
        boolean wasMore;
        do {
            wasMore = evict();
        } while (wasMore);
    }
}
