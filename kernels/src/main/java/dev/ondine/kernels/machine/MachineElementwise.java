package dev.ondine.kernels.machine;

import dev.ondine.tensor.Activation;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.RotaryAngles;
import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.WorkerTeam;
import java.util.List;

/** The operations that touch every number once: norms, activations, sums, rotations. The operands are checked. */
final class MachineElementwise {

    /** The kernels, in the order of {@link #codes}. */
    private enum Kernel { ADD, SCALE, SOFTCAP, SILU, GELU, RMS_NORM, ROPE_ADJACENT, ROPE_HALVES, SOFTMAX }

    /** Numbers that one worker changes faster than two rendezvous: 1 to 4 us. */
    private static final int SHARE = 1 << 14;
    /** Floats of a cache line: no two workers write to one. */
    private static final int GROUP = 16;

    private final List<MachineCode> codes;
    private final WorkerTeam team;
    private final ArgumentBlock[] blocks;
    private final WorkerTeam.Work runRows = this::runRows;
    private final WorkerTeam.Work runGroups = this::runGroups;

    private MachineCode code;
    private long target;
    private long source;
    private long other;
    private long targetRowBytes;
    private long sourceRowBytes;
    private long otherRowBytes;
    private long columns;
    private long first;
    private long second;

    /** @param codes what became of {@link #codes} */
    MachineElementwise(List<MachineCode> codes, WorkerTeam team) {
        this.codes = List.copyOf(codes);
        this.team = team;
        blocks = ArgumentBlock.perWorker(team.size());
    }

    /** The machine code that these operations consist of. */
    static List<byte[]> codes(Isa isa) {
        return List.of(ElementwiseCode.add(isa), ElementwiseCode.scale(isa),
                ActivationCode.softcap(isa), ActivationCode.silu(isa), ActivationCode.gelu(isa),
                RmsNormCode.of(isa), RopeCode.adjacent(isa), RopeCode.halves(isa), SoftmaxCode.of(isa));
    }

    void add(Matrix y, Matrix x) {
        split(Kernel.ADD, y, x, 0);
    }

    void addBias(Matrix y, Tensor bias) {
        begin(Kernel.ADD, y.data().address(), rowBytes(y), y.columns(), 0, 0);
        source = bias.data().address();
        splitRows(y);
    }

    void scale(Matrix y, float factor) {
        split(Kernel.SCALE, y, y, factor);
    }

    void softcap(Matrix y, float cap) {
        split(Kernel.SOFTCAP, y, y, cap);
    }

    void gate(Activation activation, Matrix gate, Matrix up) {
        split(activation == Activation.SILU ? Kernel.SILU : Kernel.GELU, gate, up, 0);
    }

    void rmsNorm(Matrix x, Tensor weight, float epsilon, Matrix y) {
        begin(Kernel.RMS_NORM, y.data().address(), rowBytes(y), y.columns(), Float.floatToRawIntBits(epsilon), 0);
        source = x.data().address();
        sourceRowBytes = rowBytes(x);
        other = weight.data().address();
        splitRows(y);
    }

    void rope(Matrix x, int headDim, RotaryAngles angles) {
        boolean adjacent = angles.pairing() == RotaryAngles.Pairing.ADJACENT;
        begin(adjacent ? Kernel.ROPE_ADJACENT : Kernel.ROPE_HALVES, x.data().address(), rowBytes(x),
                angles.cosines().columns(), x.columns() / headDim, (long) headDim * Float.BYTES);
        source = angles.cosines().data().address();
        other = angles.sines().data().address();
        sourceRowBytes = rowBytes(angles.cosines());
        otherRowBytes = sourceRowBytes;
        splitRows(x);
    }

    void softmax(Matrix x) {
        begin(Kernel.SOFTMAX, x.data().address(), rowBytes(x), x.columns(), 0, 0);
        splitRows(x);
    }

    private static long rowBytes(Matrix matrix) {
        return (long) matrix.columns() * Float.BYTES;
    }

    private void begin(Kernel kernel, long target, long targetRowBytes, long columns, long first, long second) {
        code = codes.get(kernel.ordinal());
        this.target = target;
        this.targetRowBytes = targetRowBytes;
        this.columns = columns;
        this.first = first;
        this.second = second;
        source = 0;
        other = 0;
        sourceRowBytes = 0;
        otherRowBytes = 0;
    }

    private void splitRows(Matrix rows) {
        team.split(rows.rows(), Math.ceilDiv(SHARE, rows.columns()), runRows);
    }

    private void runRows(int worker, int from, int to) {
        blocks[worker].call(code, target + from * targetRowBytes, source + from * sourceRowBytes, other + from * otherRowBytes,
                to - from, columns, first, second);
    }

    /** Rows do not matter: all numbers are one. */
    private void split(Kernel kernel, Matrix y, Matrix x, float parameter) {
        long count = (long) y.rows() * y.columns();
        begin(kernel, y.data().address(), 0, count, 0, Float.floatToRawIntBits(parameter));
        source = x.data().address();
        team.split(Math.toIntExact(Math.ceilDiv(count, GROUP)), SHARE / GROUP, runGroups);
    }

    private void runGroups(int worker, int from, int to) {
        long begin = (long) from * GROUP;
        blocks[worker].call(code, target + begin * Float.BYTES, source + begin * Float.BYTES, 0,
                1, Math.min(columns, (long) to * GROUP) - begin, first, second);
    }
}
