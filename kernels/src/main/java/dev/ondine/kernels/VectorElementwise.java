package dev.ondine.kernels;

import static jdk.incubator.vector.VectorOperators.ADD;

import dev.ondine.tensor.Activation;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.RotaryAngles;
import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.WorkerTeam;
import jdk.incubator.vector.FloatVector;

/** The operations that touch every number once: norms, activations, sums, rotations. The operands are checked. */
final class VectorElementwise {

    /** y = f(y, x, parameter) for {@code count} numbers, a multiple of 16. */
    private interface Loop {
        void run(long y, long x, int count, float parameter);
    }

    private static final Loop ADD_LOOP = VectorElementwise::add;
    private static final Loop SCALE_LOOP = VectorElementwise::scale;
    private static final Loop SOFTCAP_LOOP = VectorElementwise::softcap;
    private static final Loop SILU_LOOP = VectorElementwise::silu;
    private static final Loop GELU_LOOP = VectorElementwise::gelu;

    /** Numbers of one share: about 5 us. A multiple of 16. */
    private static final int SHARE = 1 << 14;

    private final WorkerTeam team;
    private final Scratch[] scratch;
    private final WorkerTeam.Work runShares = this::runShares;
    private final WorkerTeam.Work normalizeRows = this::normalizeRows;

    private Loop loop;
    private long y;
    private long x;
    private long count;
    private float parameter;
    private long weights;
    private int columns;

    VectorElementwise(WorkerTeam team) {
        this.team = team;
        this.scratch = Scratch.perWorker(team.size());
    }

    void add(Matrix y, Matrix x) {
        run(ADD_LOOP, y, x, 0);
    }

    void addBias(Matrix y, Tensor bias) {
        for (int row = 0; row < y.rows(); row++) {
            runAny(0, ADD_LOOP, y.data().address() + 4L * row * y.columns(), bias.data().address(), y.columns(), 0);
        }
    }

    void scale(Matrix y, float factor) {
        run(SCALE_LOOP, y, y, factor);
    }

    void softcap(Matrix y, float cap) {
        run(SOFTCAP_LOOP, y, y, cap);
    }

    void gate(Activation activation, Matrix gate, Matrix up) {
        run(activation == Activation.SILU ? SILU_LOOP : GELU_LOOP, gate, up, 0);
    }

    private void run(Loop loop, Matrix y, Matrix x, float parameter) {
        this.loop = loop;
        this.y = y.data().address();
        this.x = x.data().address();
        this.parameter = parameter;
        count = (long) y.rows() * y.columns();
        team.split(Math.toIntExact(Math.ceilDiv(count, SHARE)), 1, runShares);
    }

    private void runShares(int worker, int from, int to) {
        for (long at = (long) from * SHARE; at < Math.min(count, (long) to * SHARE); at += SHARE) {
            runAny(worker, loop, y + 4 * at, x + 4 * at, (int) Math.min(SHARE, count - at), parameter);
        }
    }

    /** Runs a loop over any count: the numbers after the last 16 take a detour over scratch. */
    private void runAny(int worker, Loop loop, long y, long x, int count, float parameter) {
        int whole = count & -16;
        loop.run(y, x, whole, parameter);
        int rest = count - whole;
        if (rest > 0) {
            long restY = scratch[worker].address(128);
            long restX = restY + 64;
            Lanes.copy(y + 4L * whole, restY, rest);
            Lanes.copy(x + 4L * whole, restX, rest);
            loop.run(restY, restX, 16, parameter);
            Lanes.copy(restY, y + 4L * whole, rest);
        }
    }

    private static void add(long y, long x, int count, float unused) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            Lanes.store(Lanes.load(y + 4L * i).add(Lanes.load(x + 4L * i)), y + 4L * i);
        }
    }

    private static void scale(long y, long unused, int count, float factor) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            Lanes.store(Lanes.load(y + 4L * i).mul(factor), y + 4L * i);
        }
    }

    /** Also bounds attention scores. */
    static void softcap(long y, long unused, int count, float cap) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            Lanes.store(VectorMath.tanh(Lanes.load(y + 4L * i).div(cap)).mul(cap), y + 4L * i);
        }
    }

    private static void silu(long gate, long up, int count, float unused) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            Lanes.store(VectorMath.silu(Lanes.load(gate + 4L * i)).mul(Lanes.load(up + 4L * i)), gate + 4L * i);
        }
    }

    private static void gelu(long gate, long up, int count, float unused) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            Lanes.store(VectorMath.gelu(Lanes.load(gate + 4L * i)).mul(Lanes.load(up + 4L * i)), gate + 4L * i);
        }
    }

    void rmsNorm(Matrix x, Tensor weight, float epsilon, Matrix y) {
        this.x = x.data().address();
        this.y = y.data().address();
        weights = weight.data().address();
        columns = x.columns();
        parameter = epsilon;
        team.split(x.rows(), Math.ceilDiv(SHARE, columns), normalizeRows);
    }

    private void normalizeRows(int worker, int from, int to) {
        for (int row = from; row < to; row++) {
            long source = x + 4L * row * columns;
            float factor = (float) (1 / Math.sqrt((double) sumOfSquares(source, columns) / columns + parameter));
            multiply(source, weights, factor, columns, y + 4L * row * columns);
        }
    }

    private static float sumOfSquares(long x, int count) {
        int whole = count & -16;
        FloatVector squares = FloatVector.zero(Lanes.FLOATS);
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector numbers = Lanes.load(x + 4L * i);
            squares = numbers.fma(numbers, squares);
        }
        float sum = squares.reduceLanes(ADD);
        for (int i = whole; i < count; i++) {
            sum += Lanes.float32(x + 4L * i) * Lanes.float32(x + 4L * i);
        }
        return sum;
    }

    private static void multiply(long x, long weights, float factor, int count, long y) {
        int whole = count & -16;
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            Lanes.store(Lanes.load(x + 4L * i).mul(factor).mul(Lanes.load(weights + 4L * i)), y + 4L * i);
        }
        for (int i = whole; i < count; i++) {
            Lanes.float32(y + 4L * i, Lanes.float32(x + 4L * i) * factor * Lanes.float32(weights + 4L * i));
        }
    }

    /** Scalar: a few thousand multiplications per token and layer, and the adjacent pairing does not suit vectors. */
    void rope(Matrix x, int headDim, RotaryAngles angles) {
        int pairs = angles.rotaryDim() / 2;
        boolean adjacent = angles.pairing() == RotaryAngles.Pairing.ADJACENT;
        for (int row = 0; row < x.rows(); row++) {
            long cosines = angles.cosines().data().address() + 4L * row * pairs;
            long sines = angles.sines().data().address() + 4L * row * pairs;
            for (int head = 0; head < x.columns(); head += headDim) {
                long start = x.data().address() + 4L * ((long) row * x.columns() + head);
                turn(start, adjacent ? 8 : 4, adjacent ? 4 : 4L * pairs, pairs, cosines, sines);
            }
        }
    }

    /** Turns the pairs of one head, {@code step} bytes from one to the next, whose two channels are {@code apart} bytes apart. */
    private static void turn(long first, long step, long apart, int pairs, long cosines, long sines) {
        for (int i = 0; i < pairs; i++) {
            long at = first + i * step;
            float cosine = Lanes.float32(cosines + 4L * i);
            float sine = Lanes.float32(sines + 4L * i);
            float a = Lanes.float32(at);
            float b = Lanes.float32(at + apart);
            Lanes.float32(at, a * cosine - b * sine);
            Lanes.float32(at + apart, a * sine + b * cosine);
        }
    }
}
