package dev.ondine.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.ondine.api.LocalModel;
import dev.ondine.api.Ondine;
import dev.ondine.os.TaskTerms;
import java.util.List;
import java.util.Objects;

/** A model of an {@link Ondine} as LangChain4j's embedding model: vectors of unit length. Each text is a task. */
public final class OndineEmbeddingModel implements EmbeddingModel {

    private final Ondine ondine;
    private final LocalModel model;
    private final TaskTerms terms;

    private OndineEmbeddingModel(Ondine ondine, LocalModel model, TaskTerms terms) {
        this.ondine = ondine;
        this.model = model;
        this.terms = terms;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The making of an embedding model. Only {@link #ondine} must be given. */
    public static final class Builder {

        private Ondine ondine;
        private String modelName;
        private TaskTerms terms = TaskTerms.FOREGROUND;

        private Builder() {
        }

        /** Where the models are; the caller closes it, when it is not used any more. */
        public Builder ondine(Ondine owner) {
            ondine = owner;
            return this;
        }

        /** A name or alias of a model that the {@link Ondine} knows; the first one unless given. */
        public Builder modelName(String name) {
            modelName = name;
            return this;
        }

        /** Owner, class, deadline and budget of the tasks. */
        public Builder terms(TaskTerms all) {
            terms = all;
            return this;
        }

        /** @throws ModelNotFoundException if there is no such model */
        public OndineEmbeddingModel build() {
            Objects.requireNonNull(ondine, "ondine");
            LocalModel model = modelName == null ? ondine.model()
                    : ondine.findModel(modelName).orElseThrow(() -> new ModelNotFoundException("there is no model " + modelName));
            return new OndineEmbeddingModel(ondine, model, terms);
        }
    }

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        try {
            List<dev.ondine.api.Embedding> embeddings = ondine.task().model(model).terms(terms)
                    .embed(segments.stream().map(TextSegment::text).toList());
            int tokens = embeddings.stream().mapToInt(dev.ondine.api.Embedding::tokens).sum();
            return Response.from(embeddings.stream().map(embedding -> Embedding.from(embedding.vector())).toList(), new TokenUsage(tokens));
        } catch (RuntimeException | InterruptedException e) {
            throw ChatAnswers.failure(e);
        }
    }

    @Override
    public int dimension() {
        return model.details().modelDim();
    }

    @Override
    public String modelName() {
        return model.name();
    }
}
