package dev.ondine.os;

import dev.ondine.models.Batch;
import dev.ondine.models.KvBlockPool;
import dev.ondine.models.Model;
import dev.ondine.tensor.Matrix;
import java.util.function.Function;

/** A model whose steps fail when somebody says so. */
final class FailingModel implements Model {

    private final Model model;
    private volatile Function<Batch, Throwable> failure = _ -> null;

    FailingModel(Model model) {
        this.model = model;
    }

    /** @param when what a step fails with; null for one that does not */
    void fail(Function<Batch, Throwable> when) {
        failure = when;
    }

    @Override
    public Facts facts() {
        return model.facts();
    }

    @Override
    public void forward(Batch batch, Matrix logits) {
        switch (failure.apply(batch)) {
            case null -> model.forward(batch, logits);
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    @Override
    public Matrix embeddings() {
        return model.embeddings();
    }

    @Override
    public KvBlockPool newCache(long capacityBytes) {
        return model.newCache(capacityBytes);
    }
}
