package dev.ondine.text.grammar;

/** One way to read a text so far: the state, and below it those where the open calls go on. */
final class Stack {

    private final int state;
    private final Stack below;
    private final int depth;
    private final int hash;

    Stack(int state, Stack below) {
        this.state = state;
        this.below = below;
        this.depth = below == null ? 0 : below.depth + 1;
        this.hash = 31 * (below == null ? 7 : below.hash) + state;
    }

    int state() {
        return state;
    }

    /** Null in the outermost rule. */
    Stack below() {
        return below;
    }

    /** How many calls are open. */
    int depth() {
        return depth;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Stack stack) || hash != stack.hash || depth != stack.depth) {
            return false;
        }
        Stack mine = this;
        for (Stack its = stack; mine != its; mine = mine.below, its = its.below) {
            if (mine.state != its.state) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
