package dev.ondine.text.grammar;

import dev.ondine.text.grammar.NetworkBuilder.Rule;
import java.util.Map;

/**
 * A language that a completion is held to, compiled once. May be used by several threads; its constraints share what they learn of it.
 *
 * <p>It depends on nothing but what it was made from, so who has to rebuild it later keeps that.
 */
public final class Grammar {

    private final Network network;
    private volatile StateTable table;

    private Grammar(Network network) {
        this.network = network;
        this.table = new StateTable(network);
    }

    /**
     * The JSON texts that meet a schema, of draft 2020-12 or draft 7.
     *
     * <p>Narrower than the schema where that keeps texts simple, never wider: objects have their properties in the schema's order;
     * properties that it does not name come after them, where it has {@code additionalProperties} or names none at all. White space and
     * digits are bounded, and so is how deep values nest. Where a schema has keywords of a type but names no type, that type is meant.
     * The branches of {@code oneOf} must exclude one another.
     *
     * <p>Keywords: {@code type}, {@code enum}, {@code const}, {@code properties}, {@code required}, {@code additionalProperties},
     * {@code items}, {@code prefixItems}, {@code additionalItems}, {@code minItems}, {@code maxItems}, {@code minLength},
     * {@code maxLength}, {@code pattern}, {@code format}, {@code minimum}, {@code maximum}, {@code exclusiveMinimum},
     * {@code exclusiveMaximum}, {@code multipleOf} (1, 0.1, 0.01 and so on), {@code anyOf}, {@code oneOf}, {@code allOf}, and {@code $ref} within the schema.
     *
     * @param schema maps, lists, strings, numbers, booleans and nulls, as a JSON reader gives them; the order of properties counts
     * @throws IllegalArgumentException if a keyword that restricts values is not supported, the schema is malformed or too large, or no
     *                                  value meets it; the message names the place
     * @see <a href="https://json-schema.org/draft/2020-12/json-schema-validation">JSON Schema Validation</a>
     */
    public static Grammar ofJsonSchema(Map<String, ?> schema) {
        return of(GrammarPart.sequence(new GrammarPart.Space(), new GrammarPart.Json("schema", schema)));
    }

    /** The JSON texts that are an object. */
    public static Grammar anyJsonObject() {
        return of(GrammarPart.sequence(new GrammarPart.Space(), new GrammarPart.AnyObject()));
    }

    /** Any JSON object as others may write it, with any white space; to recognise one, not to have one written. */
    public static Grammar recognisedJsonObject() {
        NetworkBuilder builder = new NetworkBuilder();
        return new Grammar(builder.build(new JsonRules(builder, false).object()));
    }

    /**
     * The texts that are made of these parts.
     *
     * @throws IllegalArgumentException if a schema in it is refused, see {@link #ofJsonSchema}
     */
    public static Grammar of(GrammarPart part) {
        NetworkBuilder builder = new NetworkBuilder();
        Rule root = new PartCompiler(builder).rule(part);
        Network network = builder.build(root);
        if (!network.leadsOut(network.start(), 0)) {
            throw new IllegalArgumentException("no text meets the grammar: its values would have to nest more than "
                    + Network.MOST_DEPTH + " deep, or for ever");
        }
        return new Grammar(network);
    }

    /** A constraint for one completion that starts with nothing written. */
    public TokenConstraint constraint(GrammarVocabulary vocabulary) {
        return new TokenConstraint(this, vocabulary);
    }

    /** A check of one text that starts with nothing read. */
    public GrammarMatcher matcher() {
        return new GrammarMatcher(this);
    }

    ParseState start() {
        return freshTable().start();
    }

    /** The same state in a table that is not full, so that memory stays bounded. */
    ParseState fresh(ParseState state) {
        StateTable current = freshTable();
        return state.isOf(current) ? state : current.state(state.stacks(), state.isComplete());
    }

    private StateTable freshTable() {
        StateTable current = table;
        if (current.isFull()) {
            current = new StateTable(network);
            table = current;
        }
        return current;
    }
}
