package dev.ondine.kernels.machine;

import dev.ondine.kernels.panel.PackedMatrix;
import dev.ondine.kernels.panel.PackedWeights;
import dev.ondine.kernels.panel.PanelLayout;
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
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;

/**
 * Kernels in machine code that is generated for the processor when they are made. Products read packed weights and, where weights
 * come in blocks, activations rounded to eight bits; the error is that of the rounding.
 *
 * <p>The code reads and writes absolute addresses. Every operation therefore first checks its operands whole; one that passes
 * touches nothing outside them. Their memory must stay open during the call.
 */
public final class MachineKernels implements Kernels, AutoCloseable {

    /** From here on memory that is not used yet, or never, is worth a system call. */
    private static final long LARGE_BYTES = 1 << 20;

    private final Isa isa;
    private final WorkerTeam team;
    private final PackedWeights packed;
    private final Pages pages;
    private final CodeMemory code;
    private final MachineElementwise elementwise;
    private final MachineMatmul matmul;
    private final MachineAttention attention;
    private float[] decodedRow = new float[0];

    /**
     * @param isa    one that the processor has
     * @param team   does the work; borrowed
     * @param packed the weights of the model that these kernels run; borrowed
     * @throws CodeMemoryException if the host is unproven or forbids executable memory
     */
    public MachineKernels(Isa isa, Host host, WorkerTeam team, PackedWeights packed) {
        this.isa = isa;
        this.team = team;
        this.packed = packed;
        this.pages = new Pages(host);
        List<byte[]> pieces = new ArrayList<>(MachineElementwise.codes(isa));
        int elementwisePieces = pieces.size();
        pieces.addAll(MachineAttention.codes(isa));
        int attentionPieces = pieces.size();
        pieces.add(QuantiseCode.of());
        pieces.add(ArrangeCode.of());
        code = CodeMemory.of(host, pieces);
        elementwise = new MachineElementwise(code.codes().subList(0, elementwisePieces), team);
        attention = new MachineAttention(isa, code, elementwisePieces, team);
        matmul = new MachineMatmul(isa, host, team, code.code(attentionPieces), code.code(attentionPieces + 1));
    }

    @Override
    public String description() {
        return "machine %s, %d thread%s".formatted(isa, team.size(), team.size() == 1 ? "" : "s");
    }

    /** Packs the matrix, unless the cache has it packed. */
    @Override
    public Weight weight(Tensor tensor) {
        matmul.prepare(tensor.format());
        return packed.pack(tensor, team);
    }

    @Override
    public void matmul(Weight weight, Matrix x, Matrix y) {
        check(weight, x, y);
        matmul.multiply(weight, x, y);
        Reference.reachabilityFence(weight);
        fence(x, y);
    }

    @Override
    public void matmul(Weight[] weights, Matrix x, Matrix[] ys) {
        OperandChecks.matmul(weights, x, ys);
        for (int i = 0; i < weights.length; i++) {
            check(weights[i], x, ys[i]);
        }
        matmul.multiply(weights, x, ys);
        Reference.reachabilityFence(weights);
        Reference.reachabilityFence(ys);
        Reference.reachabilityFence(x);
    }

    private static void check(Weight weight, Matrix x, Matrix y) {
        OperandChecks.matmul(weight, x, y);
        if (!(weight instanceof PackedMatrix packed)) {
            throw new IllegalArgumentException("matmul: weight %s is not packed; it was made by other kernels".formatted(weight.name()));
        }
        OperandChecks.requireOpen("matmul", packed.data(), packed.name());
    }

    /** Large memory is on huge pages. */
    @Override
    public MemorySegment allocate(Arena arena, long bytes, long alignmentBytes) {
        return bytes < LARGE_BYTES ? arena.allocate(bytes, alignmentBytes) : pages.allocate(arena, bytes);
    }

    @Override
    public void embed(Tensor table, int[] tokens, Matrix y) {
        OperandChecks.embed(table, tokens, y);
        if (decodedRow.length != table.columns()) {
            decodedRow = new float[table.columns()];
        }
        for (int row = 0; row < y.rows(); row++) {
            table.decodeRow(tokens[row], decodedRow, 0);
            y.setRow(row, decodedRow);
        }
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
        elementwise.softmax(x);
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

    /** The code holds addresses only: without this the collector may free memory that an automatic arena owns. */
    private static void fence(Matrix a, Matrix b) {
        Reference.reachabilityFence(a);
        Reference.reachabilityFence(b);
    }

    /** Frees the code; no operation may be running. */
    @Override
    public void close() {
        matmul.close();
        code.close();
    }
}
