package dev.ondine.explorer.shape;

import dev.ondine.files.Metadata;

/** The recurrent state of a GGUF model: state-space layers and RWKV. */
final class GgufState {

    // Bounds far above any known model; they keep products within a long.
    private static final int MOST_STATE = 1 << 16;
    private static final int MOST_GROUPS = 1 << 12;
    private static final int MOST_CONV = 1 << 10;

    private final Metadata metadata;
    private final GgufSizes sizes;

    GgufState(Metadata metadata, GgufSizes sizes) {
        this.metadata = metadata;
        this.sizes = sizes;
    }

    /** Numbers that a sequence keeps in all recurrent layers. */
    long elements() {
        if (sizes.has("ssm.state_size")) {
            long inner = sizes.size("ssm.inner_size", 1, GgufSizes.MOST_WIDTH);
            long state = sizes.size("ssm.state_size", 1, MOST_STATE);
            // Mamba 2 convolves the shared inputs and outputs of its states too.
            long convolved = inner + 2 * state * sizes.size("ssm.group_count", 0, MOST_GROUPS, 0);
            long conv = sizes.size("ssm.conv_kernel", 1, MOST_CONV);
            return recurrentLayers() * (inner * state + convolved * conv);
        }
        if (sizes.has("wkv.head_size")) {
            return (long) sizes.layers() * sizes.modelDim() * (sizes.size("wkv.head_size", 1, MOST_STATE) + 2L);
        }
        return 0;
    }

    private long recurrentLayers() {
        return sizes.layers() - new GgufAttention(metadata, sizes).groups().stream().mapToLong(group -> group.layers()).sum();
    }
}
