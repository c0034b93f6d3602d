package dev.ondine.text.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ondine.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenConstraintTest {

    private static final int END = 2;
    /** Tokens of bytes come after unknown, begin and end. */
    private static final int FIRST_BYTE = 3;

    private final Tokenizer tokenizer = TestVocabularies.bytes();
    private final GrammarVocabulary vocabulary = GrammarVocabulary.of(tokenizer.vocabulary());

    private TokenConstraint constraint(String schema) {
        return Grammar.ofJsonSchema(GrammarTest.read(schema)).constraint(vocabulary);
    }

    private static void accept(TokenConstraint constraint, String latin) {
        latin.chars().forEach(value -> constraint.accept(FIRST_BYTE + value));
    }

    private int mark(String text) {
        return IntStream.range(0, vocabulary.size()).filter(token -> tokenizer.vocabulary().text(token).equals(text)).findFirst()
                .orElseThrow();
    }

    @Test
    void endsWhereTheTextIsCompleteAndNowhereElse() {
        TokenConstraint constraint = constraint("{'const':12}");
        assertThat(constraint.allows(END)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> constraint.accept(END)).withMessageContaining("found token 2 '</s>'");
        accept(constraint, "12");
        assertThat(constraint.isComplete()).isTrue();
        float[] logits = new float[vocabulary.size()];
        constraint.restrict(logits);
        assertThat(IntStream.range(0, logits.length).filter(token -> logits[token] == 0)).containsExactly(END);
        constraint.accept(END);
        assertThat(constraint.allows(END)).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> constraint.accept(FIRST_BYTE + '1'));
    }

    @Test
    void refusesAWrongTokenAndGoesOn() {
        TokenConstraint constraint = constraint("{'enum':['red','green']}");
        accept(constraint, "\"re");
        assertThatIllegalArgumentException().isThrownBy(() -> constraint.accept(FIRST_BYTE + 'e'));
        assertThatIllegalArgumentException().isThrownBy(() -> constraint.accept(-1)).withMessageContaining("expected 0 to");
        assertThatIllegalArgumentException().isThrownBy(() -> constraint.accept(vocabulary.size()));
        accept(constraint, "d\"");
        assertThat(constraint.isComplete()).isTrue();
    }

    @Test
    void stringsTakeCharactersInPartsButNoControlTokens() {
        TokenConstraint constraint = constraint("{'type':'string','maxLength':1}");
        accept(constraint, "\"");
        assertThat(constraint.allows(mark("<|im_start|>"))).isFalse();
        assertThat(constraint.allows(mark("<tool_call>"))).isFalse();
        accept(constraint, "\u00E6");
        assertThat(constraint.allows(FIRST_BYTE + '"')).isFalse();
        accept(constraint, "\u0097\u00A5");
        assertThat(constraint.allows(FIRST_BYTE + 'a')).isFalse();
        accept(constraint, "\"");
        assertThat(constraint.isComplete()).isTrue();
    }

    @Test
    void rulesOutRowsBeyondTheVocabulary() {
        float[] logits = new float[vocabulary.size() + 70];
        constraint("{'type':'string'}").restrict(logits);
        assertThat(IntStream.range(vocabulary.size(), logits.length)).allMatch(row -> logits[row] == Float.NEGATIVE_INFINITY);
    }

    @Test
    void endIsForcedWhereNoTokenFits() {
        GrammarVocabulary few = GrammarVocabulary.of(TestVocabularies.pieces("a", "b").vocabulary());
        TokenConstraint constraint = Grammar.of(new GrammarPart.Literal("ac")).constraint(few);
        constraint.accept(FIRST_BYTE);
        float[] logits = new float[few.size()];
        constraint.restrict(logits);
        assertThat(IntStream.range(0, logits.length).filter(token -> logits[token] == 0)).containsExactly(END);
        constraint.accept(END);
        assertThat(constraint.isComplete()).isFalse();
    }

    @Test
    void masksHoldExactlyTheTokensWhoseBytesFit() {
        RandomSchemas schemas = new RandomSchemas(21);
        Random random = new Random(22);
        int compared = 0;
        while (compared < 2_000) {
            Map<String, Object> schema = schemas.next();
            List<Object> branches = List.of(schema, Map.of("type", "integer"));
            Grammar grammar = Grammar.ofJsonSchema(Map.of("anyOf", branches, "$defs", schema.get("$defs")));
            TokenConstraint constraint = grammar.constraint(vocabulary);
            ParseState state = grammar.start();
            for (int count = 0; count < 40; count++) {
                List<Integer> fitting = new ArrayList<>();
                for (int token = 0; token < vocabulary.size(); token++) {
                    boolean end = tokenizer.vocabulary().endsGeneration(token);
                    boolean fits = end ? state.isComplete() : !vocabulary.after(state, token).isDead();
                    assertThat(constraint.allows(token)).as("%d in %s", token, schema).isEqualTo(fits);
                    if (fits && !end) {
                        fitting.add(token);
                    }
                }
                compared++;
                if (fitting.isEmpty()) {
                    break;
                }
                int token = fitting.get(random.nextInt(fitting.size()));
                constraint.accept(token);
                state = vocabulary.after(state, token);
            }
        }
    }

    @Test
    void threadsShareAGrammar() throws Exception {
        Grammar grammar = Grammar.ofJsonSchema(new RandomSchemas(5).next());
        Grammar alone = Grammar.ofJsonSchema(new RandomSchemas(5).next());
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<String>> texts = new ArrayList<>();
            for (int seed = 0; seed < 40; seed++) {
                RandomWriter writer = new RandomWriter(tokenizer, seed);
                texts.add(threads.submit(() -> writer.write(grammar, Set.of())));
            }
            for (int seed = 0; seed < 40; seed++) {
                assertThat(texts.get(seed).get()).isEqualTo(new RandomWriter(tokenizer, seed).write(alone, Set.of()));
            }
        }
    }

    @Test
    void longTextsTakeBoundedMemory() {
        Grammar grammar = Grammar.ofJsonSchema(Map.of("type", "string", "maxLength", 30_000));
        TokenConstraint constraint = grammar.constraint(vocabulary);
        accept(constraint, "\"");
        int tables = 0;
        ParseState before = grammar.start();
        for (int count = 0; count < 30_000; count++) {
            constraint.allows(0);
            constraint.accept(FIRST_BYTE + 'a');
            ParseState now = count % 1_000 == 0 ? grammar.start() : before;
            tables += now == before ? 0 : 1;
            before = now;
        }
        assertThat(tables).as("tables begun anew").isBetween(2, 30);
        assertThat(constraint.allows(FIRST_BYTE + 'a')).isFalse();
        accept(constraint, "\"");
        assertThat(constraint.isComplete()).isTrue();
    }
}
