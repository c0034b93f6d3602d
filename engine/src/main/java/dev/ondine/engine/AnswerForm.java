package dev.ondine.engine;

import dev.ondine.text.grammar.Grammar;
import dev.ondine.text.grammar.GrammarVocabulary;
import dev.ondine.text.grammar.TokenConstraint;
import dev.ondine.text.tools.ToolCallFormat;
import dev.ondine.text.tools.ToolChoice;
import dev.ondine.text.tools.ToolDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an answer is held to, token by token: as it was asked for, so that it can be written down and made again, and compiled for a
 * model's vocabulary.
 */
public final class AnswerForm {

    /** What is asked for. */
    public sealed interface Wish {

        /** The language of the answers; empty where nothing holds the model. @throws IllegalArgumentException if a schema is refused */
        Optional<Grammar> grammar();

        /** Any JSON object. */
        record JsonObject() implements Wish {

            @Override
            public Optional<Grammar> grammar() {
                return Optional.of(Grammar.anyJsonObject());
            }
        }

        /** JSON that meets a schema. */
        record JsonSchema(Map<String, ?> schema) implements Wish {

            @Override
            public Optional<Grammar> grammar() {
                return Optional.of(Grammar.ofJsonSchema(schema));
            }
        }

        /** Tool calls, or answers in which calls may stand. */
        record ToolCalls(ToolCallFormat format, List<ToolDefinition> tools, ToolChoice choice) implements Wish {

            @Override
            public Optional<Grammar> grammar() {
                return format.grammar(tools, choice);
            }
        }
    }

    private final Wish wish;
    private final Grammar grammar;
    private final GrammarVocabulary vocabulary;

    private AnswerForm(Wish wish, Grammar grammar, GrammarVocabulary vocabulary) {
        this.wish = wish;
        this.grammar = grammar;
        this.vocabulary = vocabulary;
    }

    /**
     * Compiles a wish, which may take some hundredths of a second.
     *
     * @return empty where nothing holds the model
     * @throws IllegalArgumentException if a schema is refused
     */
    public static Optional<AnswerForm> of(Wish wish, GrammarVocabulary vocabulary) {
        return wish.grammar().map(grammar -> new AnswerForm(wish, grammar, vocabulary));
    }

    public Wish wish() {
        return wish;
    }

    TokenConstraint constraint() {
        return grammar.constraint(vocabulary);
    }
}
