package dev.ondine.kernels.x86;

import java.util.ArrayList;
import java.util.List;

/** A place in the code that jumps go to. */
public final class Label {

    int position = -1;
    /** Where the 32-bit distances are that wait for the position. */
    final List<Integer> waiting = new ArrayList<>();
}
