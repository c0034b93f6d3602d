package dev.ondine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The oracle: every operation as its formula reads, summed in double precision. Slow, and obviously right; faster kernels are
 * tested against it.
 */
public final class ScalarKernels implements Kernels {

    private final WorkerTeam team;
    private final float[][] weightRows;
    private final double[][] scores;
    private float[] xNumbers = {};

    /** @param team does the work; borrowed */
    public ScalarKernels(WorkerTeam team) {
        this.team = team;
        this.weightRows = new float[team.size()][0];
        this.scores = new double[team.size()][0];
    }

    @Override
    public String description() {
        return "scalar, %d thread%s".formatted(team.size(), team.size() == 1 ? "" : "s");
    }

    @Override
    public void matmul(Weight weight, Matrix x, Matrix y) {
        OperandChecks.matmul(weight, x, y);
        Tensor tensor = OperandChecks.requireTensor(weight);
        float[] numbers = xNumbers(x);
        int columns = weight.columns();
        team.split(weight.rows(), 8, (worker, from, to) -> {
            float[] w = weightRow(worker, columns);
            for (int out = from; out < to; out++) {
                tensor.decodeRow(out, w, 0);
                for (int row = 0; row < x.rows(); row++) {
                    y.set(row, out, (float) dot(w, numbers, row * columns, columns));
                }
            }
        });
    }

    /** Four sums instead of one, so that a processor need not wait for each addition. */
    private static double dot(float[] w, float[] x, int from, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            a += (double) w[i] * x[from + i];
            b += (double) w[i + 1] * x[from + i + 1];
            c += (double) w[i + 2] * x[from + i + 2];
            d += (double) w[i + 3] * x[from + i + 3];
        }
        for (; i < count; i++) {
            a += (double) w[i] * x[from + i];
        }
        return a + b + (c + d);
    }

    @Override
    public void embed(Tensor table, int[] tokens, Matrix y) {
        OperandChecks.embed(table, tokens, y);
        float[] values = weightRow(0, table.columns());
        for (int row = 0; row < y.rows(); row++) {
            table.decodeRow(tokens[row], values, 0);
            y.setRow(row, values);
        }
    }

    @Override
    public void rmsNorm(Matrix x, Tensor weight, float epsilon, Matrix y) {
        OperandChecks.rmsNorm(x, weight, y);
        for (int row = 0; row < x.rows(); row++) {
            double squares = 0;
            for (int i = 0; i < x.columns(); i++) {
                squares += (double) x.get(row, i) * x.get(row, i);
            }
            double factor = 1 / Math.sqrt(squares / x.columns() + epsilon);
            for (int i = 0; i < x.columns(); i++) {
                y.set(row, i, (float) (x.get(row, i) * factor * element(weight, i)));
            }
        }
    }

    @Override
    public void add(Matrix y, Matrix x) {
        OperandChecks.requireSameSize("add", y, x);
        for (int row = 0; row < y.rows(); row++) {
            for (int i = 0; i < y.columns(); i++) {
                y.set(row, i, y.get(row, i) + x.get(row, i));
            }
        }
    }

    @Override
    public void addBias(Matrix y, Tensor bias) {
        OperandChecks.addBias(y, bias);
        for (int row = 0; row < y.rows(); row++) {
            for (int i = 0; i < y.columns(); i++) {
                y.set(row, i, y.get(row, i) + element(bias, i));
            }
        }
    }

    @Override
    public void scale(Matrix y, float factor) {
        for (int row = 0; row < y.rows(); row++) {
            for (int i = 0; i < y.columns(); i++) {
                y.set(row, i, y.get(row, i) * factor);
            }
        }
    }

    @Override
    public void softcap(Matrix y, float cap) {
        for (int row = 0; row < y.rows(); row++) {
            for (int i = 0; i < y.columns(); i++) {
                y.set(row, i, (float) softcap(y.get(row, i), cap));
            }
        }
    }

    private static double softcap(double value, double cap) {
        return cap * Math.tanh(value / cap);
    }

    @Override
    public void rope(Matrix x, int headDim, RotaryAngles angles) {
        OperandChecks.rope(x, headDim, angles);
        int pairs = angles.rotaryDim() / 2;
        boolean adjacent = angles.pairing() == RotaryAngles.Pairing.ADJACENT;
        for (int row = 0; row < x.rows(); row++) {
            for (int head = 0; head < x.columns(); head += headDim) {
                for (int i = 0; i < pairs; i++) {
                    int first = head + (adjacent ? 2 * i : i);
                    turn(x, row, first, first + (adjacent ? 1 : pairs), angles.cosines().get(row, i), angles.sines().get(row, i));
                }
            }
        }
    }

    private static void turn(Matrix x, int row, int first, int second, double cosine, double sine) {
        float a = x.get(row, first);
        float b = x.get(row, second);
        x.set(row, first, (float) (a * cosine - b * sine));
        x.set(row, second, (float) (a * sine + b * cosine));
    }

    @Override
    public void gate(Activation activation, Matrix gate, Matrix up) {
        OperandChecks.requireSameSize("gate", gate, up);
        for (int row = 0; row < gate.rows(); row++) {
            for (int i = 0; i < gate.columns(); i++) {
                gate.set(row, i, (float) (activate(activation, gate.get(row, i)) * up.get(row, i)));
            }
        }
    }

    private static double activate(Activation activation, double x) {
        return switch (activation) {
            case SILU -> x / (1 + Math.exp(-x));
            case GELU_TANH -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
        };
    }

    @Override
    public void softmax(Matrix x) {
        double[] row = scores(0, x.columns());
        for (int r = 0; r < x.rows(); r++) {
            for (int i = 0; i < x.columns(); i++) {
                row[i] = x.get(r, i);
            }
            softmax(row, x.columns());
            for (int i = 0; i < x.columns(); i++) {
                x.set(r, i, (float) row[i]);
            }
        }
    }

    private static void softmax(double[] values, int count) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, values[i]);
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            values[i] = Math.exp(values[i] - largest);
            sum += values[i];
        }
        for (int i = 0; i < count; i++) {
            values[i] /= sum;
        }
    }

    @Override
    public void storeKv(Matrix keys, Matrix values, KvLayer layer, KvPages[] pages, int[] positions) {
        OperandChecks.storeKv(keys, values, layer, pages, positions);
        float[] numbers = new float[keys.columns()];
        for (int row = 0; row < keys.rows(); row++) {
            MemorySegment block = pages[row].block(positions[row] / layer.blockPositions());
            keys.copyRow(row, numbers);
            setCached(block, layer, layer.keysOffsetBytes(), positions[row], numbers);
            values.copyRow(row, numbers);
            setCached(block, layer, layer.valuesOffsetBytes(), positions[row], numbers);
        }
    }

    /** Inside the layer's keys or values: [kvHead, position, channel]. */
    private static long cacheOffset(KvLayer layer, int kvHead, int position) {
        long place = (long) kvHead * layer.blockPositions() + position % layer.blockPositions();
        return layer.format().bytes(place * layer.headDim());
    }

    private static void setCached(MemorySegment block, KvLayer layer, long offsetBytes, int position, float[] numbers) {
        for (int head = 0; head < layer.kvHeads(); head++) {
            layer.format().encode(numbers, head * layer.headDim(), block, offsetBytes + cacheOffset(layer, head, position), layer.headDim());
        }
    }

    private float[] cached(int worker, KvPages pages, KvLayer layer, long offsetBytes, int kvHead, int position) {
        MemorySegment block = pages.block(position / layer.blockPositions());
        float[] numbers = weightRow(worker, layer.headDim());
        layer.format().decode(block, offsetBytes + cacheOffset(layer, kvHead, position), numbers, 0, layer.headDim());
        return numbers;
    }

    @Override
    public void attention(Matrix queries, KvLayer layer, KvPages[] pages, int[] positions, float scale, float softcap, Matrix output) {
        OperandChecks.attention(queries, layer, pages, positions, output);
        int heads = queries.columns() / layer.headDim();
        int group = heads / layer.kvHeads();
        team.split(queries.rows() * heads, 1, (worker, from, to) -> {
            for (int item = from; item < to; item++) {
                int row = item / heads;
                int head = item % heads;
                int first = layer.firstVisible(positions[row]);
                int visible = positions[row] + 1 - first;
                double[] weights = scores(worker, visible);
                for (int i = 0; i < visible; i++) {
                    float[] key = cached(worker, pages[row], layer, layer.keysOffsetBytes(), head / group, first + i);
                    double score = scale * score(queries, row, head, key, layer.headDim());
                    weights[i] = softcap == 0 ? score : softcap(score, softcap);
                }
                softmax(weights, visible);
                mixValues(worker, weights, visible, first, layer, pages[row], head / group, output, row, head);
            }
        });
    }

    private static double score(Matrix queries, int row, int head, float[] key, int headDim) {
        double sum = 0;
        for (int i = 0; i < headDim; i++) {
            sum += (double) key[i] * queries.get(row, head * headDim + i);
        }
        return sum;
    }

    private void mixValues(int worker, double[] weights, int visible, int first, KvLayer layer, KvPages pages, int kvHead,
                           Matrix output, int row, int head) {
        double[] sums = new double[layer.headDim()];
        for (int i = 0; i < visible; i++) {
            float[] value = cached(worker, pages, layer, layer.valuesOffsetBytes(), kvHead, first + i);
            for (int channel = 0; channel < sums.length; channel++) {
                sums[channel] += weights[i] * value[channel];
            }
        }
        for (int channel = 0; channel < sums.length; channel++) {
            output.set(row, head * layer.headDim() + channel, (float) sums[channel]);
        }
    }

    private static float element(Tensor vector, int index) {
        return vector.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) index * Float.BYTES);
    }

    private float[] xNumbers(Matrix x) {
        int count = Math.multiplyExact(x.rows(), x.columns());
        if (xNumbers.length < count) {
            xNumbers = new float[count];
        }
        MemorySegment.copy(x.data(), ValueLayout.JAVA_FLOAT, 0, xNumbers, 0, count);
        return xNumbers;
    }

    private float[] weightRow(int worker, int columns) {
        if (weightRows[worker].length < columns) {
            weightRows[worker] = new float[columns];
        }
        return weightRows[worker];
    }

    private double[] scores(int worker, int count) {
        if (scores[worker].length < count) {
            scores[worker] = Arrays.copyOf(scores[worker], Math.max(count, 2 * scores[worker].length));
        }
        return scores[worker];
    }
}
