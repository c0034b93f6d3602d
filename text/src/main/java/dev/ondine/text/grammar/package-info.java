/**
 * Constrained decoding: JSON schemas and other grammars as automata over bytes, and what they say of the next token.
 *
 * <p>The way of a schema: {@code KeywordReader} reads one place of it, {@code Shapes} joins places into bounds for each type,
 * {@code SchemaCompiler} writes these as a {@code Network} of automata that call one another, {@code StateTable} runs it and remembers
 * every state that texts reach, and {@code GrammarVocabulary} walks the trie of all tokens through it.
 */
package dev.ondine.text.grammar;
