package dev.ondine.kernels.x86;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Every value of an operand that is encoded in its own way. */
final class Operands {

    static final List<Gpr> GPRS = List.of(Gpr.values());
    static final List<Tmm> TILES = IntStream.range(0, 8).mapToObj(Tmm::new).toList();
    static final List<Integer> NUMBERS = List.of(0, 1, -1, 126, 127, 128, 129, -127, -128, -129, 0x1234_5678, Integer.MAX_VALUE, Integer.MIN_VALUE);
    static final List<Long> LONG_NUMBERS = List.of(0L, 1L, -1L, 127L, 128L, -128L, -129L, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL,
            0x1_0000_0000L, -0x8000_0000L, -0x8000_0001L, 0x1234_5678_9abc_def0L, Long.MAX_VALUE, Long.MIN_VALUE);
    static final List<Integer> SHIFTS = List.of(0, 1, 2, 31, 32, 63);
    static final List<Integer> CONTROL_BYTES = List.of(0, 1, 2, 3, 4, 7);
    static final List<Integer> MASKS = List.of(1, 2, 3, 4, 5, 6, 7, 0);
    /** Each base alone and with each displacement about the borders of all short forms, each index with each scale. */
    static final List<Mem> ADDRESSES = addresses();
    static final List<Mem> INDEXED_ADDRESSES = ADDRESSES.stream().filter(mem -> mem.index() != null).toList();

    private Operands() {
    }

    private static List<Mem> addresses() {
        List<Mem> addresses = new ArrayList<>();
        GPRS.forEach(base -> addresses.add(Mem.at(base)));
        List<Integer> displacements = displacements();
        for (int i = 0; i < displacements.size(); i++) {
            addresses.add(Mem.at(GPRS.get(i % 16), displacements.get(i)));
        }
        int turn = 0;
        for (Gpr index : GPRS) {
            for (int scale = 1; index != Gpr.RSP && scale <= 8; scale *= 2, turn++) {
                addresses.add(Mem.at(GPRS.get(5 * turn % 16), index, scale, turn % 3 == 0 ? 0 : displacements.get(turn % displacements.size())));
            }
        }
        return List.copyOf(addresses);
    }

    /** A short displacement counts steps of 1 byte, or of 4 to 64 with AVX-512. */
    private static List<Integer> displacements() {
        IntStream aboutSteps = IntStream.of(1, 4, 8, 16, 32, 64).flatMap(step ->
                IntStream.of(step, -step, step + 1, 127 * step, 128 * step, -128 * step, -129 * step, 127 * step - 1));
        return IntStream.concat(aboutSteps, IntStream.of(Integer.MAX_VALUE, Integer.MIN_VALUE)).distinct().boxed().toList();
    }

    /** Registers of a width, the first so many. */
    static List<Vec> vectors(int bytes, int count) {
        return IntStream.range(0, count).mapToObj(index -> new Vec(index, bytes, 0, false)).toList();
    }

    /** The same with masks: plain, merging and zeroing in turn, so that 96 of them have all. */
    static List<Vec> masked(List<Vec> vectors, boolean zeroing) {
        return vectors.stream().flatMap(vec -> {
            Vec merged = vec.merged(1 + vec.index() % 7);
            return zeroing ? Stream.of(vec, merged, vec.zeroed(7 - vec.index() % 7)) : Stream.of(vec, merged);
        }).toList();
    }
}
