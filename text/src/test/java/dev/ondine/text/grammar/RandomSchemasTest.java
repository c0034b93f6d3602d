package dev.ondine.text.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.ondine.text.Tokenizer;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Whatever a model would like to write, what it may write meets the schema; another project's validator says so. */
class RandomSchemasTest {

    private static final JsonMapper STRICT = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    @Test
    void tokensOfBytesGiveValidText() {
        writesValidText(TestVocabularies.bytes(), 400);
    }

    @Test
    void tokensOfTheEmbeddedModelGiveValidText() {
        writesValidText(TestVocabularies.pebble(), 150);
    }

    @Test
    void tokensOfGpt2GiveValidText() {
        writesValidText(TestVocabularies.shared("gpt-2"), 15);
    }

    @Test
    void tokensOfLlamaGiveValidText() {
        writesValidText(TestVocabularies.shared("llama-spm"), 15);
    }

    private static void writesValidText(Tokenizer tokenizer, int schemas) {
        RandomSchemas random = new RandomSchemas(3);
        RandomWriter writer = new RandomWriter(tokenizer, 5);
        int written = 0;
        int possible = 0;
        for (int count = 0; count < schemas; count++) {
            Map<String, Object> schema = random.next();
            Grammar grammar = compiled(schema);
            if (grammar != null) {
                possible++;
                for (int time = 0; time < 3; time++) {
                    String text = writer.write(grammar, Set.of());
                    written += text == null ? 0 : 1;
                    if (text != null) {
                        requireValid(schema, text);
                    }
                }
            }
        }
        assertThat(possible).isGreaterThan(schemas * 4 / 5);
        assertThat(written).isGreaterThan(possible * 2);
    }

    /** Null where no value meets the schema, as may happen by chance. */
    private static Grammar compiled(Map<String, Object> schema) {
        try {
            return Grammar.ofJsonSchema(schema);
        } catch (IllegalArgumentException e) {
            assertThat(e).as(STRICT.writeValueAsString(schema)).message().startsWith("no text meets").isNotNull();
            return null;
        }
    }

    private static void requireValid(Map<String, Object> schema, String text) {
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        Schema validator = registry.getSchema(STRICT.writeValueAsString(schema));
        STRICT.readTree(text);
        assertThat(validator.validate(text, InputFormat.JSON,
                context -> context.executionConfig(config -> config.formatAssertionsEnabled(true))))
                .as("%s for %s", text, STRICT.writeValueAsString(schema)).isEmpty();
    }
}
