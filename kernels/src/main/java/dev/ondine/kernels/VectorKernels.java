package dev.ondine.kernels;

import dev.ondine.tensor.Activation;
import dev.ondine.tensor.Kernels;
import dev.ondine.tensor.KvLayer;
import dev.ondine.tensor.KvPages;
import dev.ondine.tensor.Matrix;
import dev.ondine.tensor.OperandChecks;
import dev.ondine.tensor.RotaryAngles;
import dev.ondine.tensor.Tensor;
import dev.ondine.tensor.Weight;
import dev.ondine.tensor.WorkerTeam;
import java.lang.ref.Reference;

/**
 * Kernels in the Vector API, for every processor the JVM knows. Weights are read as they lie in the file.
 *
 * <p>The loops read and write absolute addresses. Every operation therefore first checks its operands whole; one that passes
 * touches nothing outside them. Their memory must stay open during the call.
 */
public final class VectorKernels implements Kernels {

    private final WorkerTeam team;
    private final VectorMatmul matmul;
    private final VectorElementwise elementwise;
    private final VectorSoftmax softmax = new VectorSoftmax();
    private final VectorAttention attention;

    /** @param team does the work; borrowed */
    public VectorKernels(WorkerTeam team) {
        this.team = team;
        matmul = new VectorMatmul(team);
        elementwise = new VectorElementwise(team);
        attention = new VectorAttention(team);
    }

    /** Width of the vectors: the widest that the JVM uses on this machine. */
    public static int vectorBits() {
        return Lanes.FLOATS.vectorBitSize();
    }

    @Override
    public String description() {
        return "vector %d-bit, %d thread%s".formatted(vectorBits(), team.size(), team.size() == 1 ? "" : "s");
    }

    @Override
    public void matmul(Weight weight, Matrix x, Matrix y) {
        OperandChecks.matmul(weight, x, y);
        matmul.multiply(OperandChecks.requireTensor(weight), x, y);
        Reference.reachabilityFence(weight);
        fence(x, y);
    }

    @Override
    public void embed(Tensor table, int[] tokens, Matrix y) {
        OperandChecks.embed(table, tokens, y);
        matmul.embed(table, tokens, y);
        Reference.reachabilityFence(table);
        fence(y, y);
    }

    @Override
    public void rmsNorm(Matrix x, Tensor weight, float epsilon, Matrix y) {
        OperandChecks.rmsNorm(x, weight, y);
        elementwise.rmsNorm(x, weight, epsilon, y);
        Reference.reachabilityFence(weight);
        fence(x, y);
    }

    @Override
    public void add(Matrix y, Matrix x) {
        OperandChecks.requireSameSize("add", y, x);
        elementwise.add(y, x);
        fence(x, y);
    }

    @Override
    public void addBias(Matrix y, Tensor bias) {
        OperandChecks.addBias(y, bias);
        elementwise.addBias(y, bias);
        Reference.reachabilityFence(bias);
        fence(y, y);
    }

    @Override
    public void scale(Matrix y, float factor) {
        OperandChecks.requireOpen("scale", y);
        elementwise.scale(y, factor);
        fence(y, y);
    }

    @Override
    public void softcap(Matrix y, float cap) {
        OperandChecks.requireOpen("softcap", y);
        elementwise.softcap(y, cap);
        fence(y, y);
    }

    @Override
    public void rope(Matrix x, int headDim, RotaryAngles angles) {
        OperandChecks.rope(x, headDim, angles);
        elementwise.rope(x, headDim, angles);
        Reference.reachabilityFence(angles);
        fence(x, x);
    }

    @Override
    public void gate(Activation activation, Matrix gate, Matrix up) {
        OperandChecks.requireSameSize("gate", gate, up);
        elementwise.gate(activation, gate, up);
        fence(gate, up);
    }

    @Override
    public void softmax(Matrix x) {
        OperandChecks.requireOpen("softmax", x);
        softmax.run(x);
        fence(x, x);
    }

    @Override
    public void storeKv(Matrix keys, Matrix values, KvLayer layer, KvPages[] pages, int[] positions) {
        OperandChecks.storeKv(keys, values, layer, pages, positions);
        attention.storeKv(keys, values, layer, pages, positions);
        Reference.reachabilityFence(pages);
        fence(keys, values);
    }

    @Override
    public void attention(Matrix queries, KvLayer layer, KvPages[] pages, int[] positions, float scale, float softcap, Matrix output) {
        OperandChecks.attention(queries, layer, pages, positions, output);
        attention.attention(queries, layer, pages, positions, scale, softcap, output);
        Reference.reachabilityFence(pages);
        fence(queries, output);
    }

    /** The loops hold addresses only: without this the collector may free memory that an automatic arena owns. */
    private static void fence(Matrix a, Matrix b) {
        Reference.reachabilityFence(a);
        Reference.reachabilityFence(b);
    }
}
