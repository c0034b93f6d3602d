package dev.ondine.kernels.machine;

import dev.ondine.kernels.machine.ProcessorFeature.Leaf;
import dev.ondine.kernels.machine.ProcessorFeature.State;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The processor as it describes itself.
 *
 * @param name       as its maker writes it, or a hypervisor; may be empty
 * @param features   that the processor has and the operating system lets this process use
 * @param cacheBytes of the largest cache that it tells of; 0 if it tells of none
 */
public record Processor(String name, Set<ProcessorFeature> features, long cacheBytes) {

    private static final long ARCH_PRCTL = 158;
    private static final long ARCH_REQ_XCOMP_PERM = 0x1023;
    private static final long XFEATURE_XTILEDATA = 18;
    private static final int OSXSAVE = 1 << 27;
    private static final int NAME_LEAVES = 0x8000_0002;
    private static final int CACHE_LEAF = 4;
    private static final int CACHE_LEAF_OF_AMD = 0x8000_001D;

    public Processor {
        features = Collections.unmodifiableSet(features.isEmpty() ? EnumSet.noneOf(ProcessorFeature.class) : EnumSet.copyOf(features));
    }

    /**
     * Asks the processor. Where it has matrix tiles, this also asks the operating system for the permission to use them, which
     * Linux grants to a whole process.
     *
     * @throws CodeMemoryException if no machine code runs on this host
     */
    public static Processor of(Host host) {
        try (CodeMemory memory = CodeMemory.of(host, List.of(CpuidCode.cpuid(), CpuidCode.xgetbv(), CpuidCode.systemCall()));
             Arena arena = Arena.ofConfined()) {
            return new Questions(memory, arena.allocate(ValueLayout.JAVA_LONG, 4)).processor();
        }
    }

    public boolean has(ProcessorFeature feature) {
        return features.contains(feature);
    }

    /** The instruction sets that kernels may be generated for, the best one first. */
    public List<Isa> isas() {
        return Arrays.stream(Isa.values()).filter(isa -> features.containsAll(isa.features())).toList().reversed();
    }

    /** @param block argument block of all three pieces of code */
    private record Questions(CodeMemory memory, MemorySegment block) {

        Processor processor() {
            EnumSet<ProcessorFeature> found = EnumSet.noneOf(ProcessorFeature.class);
            long states = savedStates();
            for (ProcessorFeature feature : ProcessorFeature.values()) {
                if ((states & feature.state.bits) == feature.state.bits && claims(feature)) {
                    found.add(feature);
                }
            }
            if (found.contains(ProcessorFeature.AMX_TILE) && !isGrantedTiles()) {
                found.removeIf(feature -> feature.state == State.TILES);
            }
            return new Processor(name(), found, cacheBytes());
        }

        /** eax, ebx, ecx, edx; zeros where the processor does not know the leaf. */
        private int[] cpuid(int leaf, int part) {
            int last = ask(leaf & 0x8000_0000, 0)[0];
            return Integer.compareUnsigned(leaf, last) <= 0 ? ask(leaf, part) : new int[4];
        }

        private int[] ask(int leaf, int part) {
            block.setAtIndex(ValueLayout.JAVA_INT, 0, leaf);
            block.setAtIndex(ValueLayout.JAVA_INT, 2, part);
            memory.code(0).call(block.address());
            return block.asSlice(0, 16).toArray(ValueLayout.JAVA_INT);
        }

        private boolean claims(ProcessorFeature feature) {
            Leaf leaf = feature.leaf;
            boolean known = leaf.part == 0 || Integer.compareUnsigned(leaf.part, cpuid(leaf.number, 0)[0]) <= 0;
            return known && (cpuid(leaf.number, leaf.part)[feature.register.ordinal()] >>> feature.bit & 1) == 1;
        }

        /** XCR0; without OSXSAVE the instruction that reads it would end the process. */
        private long savedStates() {
            if ((cpuid(Leaf.BASIC.number, 0)[2] & OSXSAVE) == 0) {
                return 0;
            }
            memory.code(1).call(block.address());
            return block.getAtIndex(ValueLayout.JAVA_LONG, 0);
        }

        private boolean isGrantedTiles() {
            block.setAtIndex(ValueLayout.JAVA_LONG, 0, ARCH_PRCTL);
            block.setAtIndex(ValueLayout.JAVA_LONG, 1, ARCH_REQ_XCOMP_PERM);
            block.setAtIndex(ValueLayout.JAVA_LONG, 2, XFEATURE_XTILEDATA);
            memory.code(2).call(block.address());
            return block.getAtIndex(ValueLayout.JAVA_LONG, 0) == 0;
        }

        private String name() {
            StringBuilder name = new StringBuilder();
            for (int leaf = 0; leaf < 3; leaf++) {
                int[] letters = cpuid(NAME_LEAVES + leaf, 0);
                name.append(new String(MemorySegment.ofArray(letters).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII));
            }
            return name.toString().replace('\0', ' ').strip();
        }

        private long cacheBytes() {
            long largest = 0;
            for (int leaf : new int[] {CACHE_LEAF, CACHE_LEAF_OF_AMD}) {
                // Real processors have four caches; the bound is for a hypervisor that never ends its list.
                for (int part = 0; part < 16; part++) {
                    int[] cache = cpuid(leaf, part);
                    if ((cache[0] & 31) == 0) {
                        break;
                    }
                    long ways = (cache[1] >>> 22) + 1;
                    long partitions = (cache[1] >>> 12 & 0x3FF) + 1;
                    long lineBytes = (cache[1] & 0xFFF) + 1;
                    largest = Math.max(largest, ways * partitions * lineBytes * (Integer.toUnsignedLong(cache[2]) + 1));
                }
            }
            return largest;
        }
    }
}
