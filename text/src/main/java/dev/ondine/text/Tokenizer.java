package dev.ondine.text;

import dev.ondine.files.Metadata;
import dev.ondine.files.ModelFileException;
import java.util.BitSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Text to tokens and back, as a model was trained. May be used by several threads. */
public sealed interface Tokenizer permits BpeTokenizer, SpmTokenizer {

    /**
     * The tokenizer that a model file describes.
     *
     * @throws ModelFileException if its kind is not known here or its parts do not fit together
     */
    static Tokenizer of(Metadata metadata) {
        String model = metadata.string("tokenizer.ggml.model");
        return switch (model) {
            case "gpt2" -> BpeTokenizer.of(metadata);
            case "llama" -> SpmTokenizer.of(metadata);
            default -> throw new ModelFileException(metadata.file(), "tokenizer.ggml.model is " + model
                    + ", expected gpt2 (byte-level BPE) or llama (SentencePiece BPE); use a model with one of these");
        };
    }

    Vocabulary vocabulary();

    /**
     * The tokens of a text, without begin and end tokens.
     *
     * <p>User-defined tokens written in the text are always found. A lone surrogate counts as U+FFFD.
     *
     * @param parseSpecial whether control tokens written in the text are found too; false for text from outside, which could
     *                     otherwise forge the end of a turn
     */
    default int[] encode(String text, boolean parseSpecial) {
        return encode(text, _ -> parseSpecial);
    }

    /**
     * The same for a text of several origins.
     *
     * @param controlFrom whether a control token that begins at this place of the text is found; see {@link Shield}
     */
    int[] encode(String text, IntPredicate controlFrom);

    /** The places of a text where a control token begins, or where the text ends before that is certain. */
    BitSet controlStarts(String text);

    /**
     * The tokens of a prompt: the begin token where the vocabulary adds it, then those of {@link #encode}.
     *
     * <p>No end token follows, whatever the vocabulary says, since an answer is to follow.
     */
    default int[] encodePrompt(String text, boolean parseSpecial) {
        int[] tokens = encode(text, parseSpecial);
        if (!vocabulary().addsBegin()) {
            return tokens;
        }
        int begin = vocabulary().special(SpecialToken.BEGIN).orElseThrow();
        return IntStream.concat(IntStream.of(begin), IntStream.of(tokens)).toArray();
    }

    /** Whether a space is put before text at the start and after special tokens, and taken off again by {@link #decode}. */
    boolean addsSpacePrefix();

    /** The text of tokens that start a text; control tokens show as nothing. */
    default String decode(int... tokens) {
        TextStream stream = TextStream.fromStart(this);
        StringBuilder text = new StringBuilder();
        for (int token : tokens) {
            text.append(stream.accept(token));
        }
        return text.append(stream.finish()).toString();
    }
}
