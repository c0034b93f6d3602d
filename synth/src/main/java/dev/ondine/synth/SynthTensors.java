package dev.ondine.synth;

import dev.ondine.tensor.WeightFormats;
import dev.ondine.tensor.NumberFormat;
import dev.ondine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The tensors that a model of some shape has, named as in its file, with the format of each. */
final class SynthTensors {

    /** @param mean about which its numbers lie; 1 for the factors of norms */
    record Planned(String name, NumberFormat format, Shape shape, float mean) {
    }

    private final SynthShape shape;
    private final WeightFormats formats;
    private final List<Planned> planned = new ArrayList<>();

    private SynthTensors(SynthShape shape, WeightFormats formats) {
        this.shape = shape;
        this.formats = formats;
    }

    static List<Planned> of(SynthShape shape, WeightFormats formats) {
        SynthTensors tensors = new SynthTensors(shape, formats);
        tensors.addAll();
        return tensors.planned;
    }

    private void addAll() {
        Shape table = Shape.of(shape.vocabSize(), shape.modelDim());
        planned.add(new Planned("token_embd.weight", formats.outside(shape.tiedOutput(), shape.modelDim()), table, 0));
        for (int layer = 0; layer < shape.layers(); layer++) {
            addAttention(layer);
            addFeedForward(layer);
        }
        vector("output_norm.weight", shape.modelDim(), 1);
        if (!shape.tiedOutput()) {
            planned.add(new Planned("output.weight", formats.outside(true, shape.modelDim()), table, 0));
        }
    }

    private void addAttention(int layer) {
        String prefix = "blk." + layer + ".";
        vector(prefix + "attn_norm.weight", shape.modelDim(), 1);
        matrix(layer, "attn_q", shape.queryDim(), shape.modelDim());
        matrix(layer, "attn_k", shape.kvDim(), shape.modelDim());
        matrix(layer, "attn_v", shape.kvDim(), shape.modelDim());
        matrix(layer, "attn_output", shape.modelDim(), shape.queryDim());
        if (shape.architecture().equals("qwen2")) {
            vector(prefix + "attn_q.bias", shape.queryDim(), 0);
            vector(prefix + "attn_k.bias", shape.kvDim(), 0);
            vector(prefix + "attn_v.bias", shape.kvDim(), 0);
        }
        if (shape.architecture().equals("qwen3") || shape.architecture().equals("gemma3")) {
            vector(prefix + "attn_q_norm.weight", shape.headDim(), 1);
            vector(prefix + "attn_k_norm.weight", shape.headDim(), 1);
        }
        if (shape.architecture().startsWith("gemma")) {
            vector(prefix + "post_attention_norm.weight", shape.modelDim(), 1);
        }
    }

    private void addFeedForward(int layer) {
        String prefix = "blk." + layer + ".";
        vector(prefix + "ffn_norm.weight", shape.modelDim(), 1);
        matrix(layer, "ffn_gate", shape.ffnDim(), shape.modelDim());
        matrix(layer, "ffn_up", shape.ffnDim(), shape.modelDim());
        matrix(layer, "ffn_down", shape.modelDim(), shape.ffnDim());
        if (shape.architecture().startsWith("gemma")) {
            vector(prefix + "post_ffw_norm.weight", shape.modelDim(), 1);
        }
    }

    private void matrix(int layer, String name, int rows, int columns) {
        planned.add(new Planned("blk.%d.%s.weight".formatted(layer, name), formats.inLayer(name, layer, shape.layers(), columns),
                Shape.of(rows, columns), 0));
    }

    private void vector(String name, int size, float mean) {
        planned.add(new Planned(name, NumberFormat.F32, Shape.of(size), mean));
    }
}
