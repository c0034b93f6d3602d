package dev.ondine.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import dev.ondine.api.Ondine;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OndineEmbeddingModelTest {

    @Test
    void findsTheTextThatIsMeant() {
        try (Ondine ondine = Ondine.embedded()) {
            OndineEmbeddingModel model = OndineEmbeddingModel.builder().ondine(ondine).build();
            InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
            List<TextSegment> texts = List.of(TextSegment.from("Wake me at seven"), TextSegment.from("Play some jazz music"),
                    TextSegment.from("What is the weather in Paris?"));
            store.addAll(model.embedAll(texts).content(), texts);

            Embedding question = model.embed("Wake me at half past six").content();

            assertThat(store.search(EmbeddingSearchRequest.builder().queryEmbedding(question).maxResults(1).build()).matches().getFirst()
                    .embedded().text()).isEqualTo("Wake me at seven");
            assertThat(question.dimension()).isEqualTo(model.dimension()).isEqualTo(256);
            assertThat(model.embedAll(texts).tokenUsage().inputTokenCount()).isGreaterThan(10);
            assertThat(model.modelName()).isEqualTo("pebble");
        }
    }

    @Test
    void refusesAModelThatIsNotThere() {
        try (Ondine ondine = Ondine.embedded()) {
            assertThatThrownBy(() -> OndineEmbeddingModel.builder().ondine(ondine).modelName("e5").build()).isInstanceOf(ModelNotFoundException.class);
        }
    }
}
