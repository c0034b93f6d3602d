package dev.ondine.os;

import dev.ondine.engine.FinishReason;
import dev.ondine.tensor.Matrix;

/** The tokens of a task on the engine, and what becomes of the rows that they are run in. */
sealed interface Content permits CompletionContent, EmbeddingContent {

    /** What a row leaves beside its keys and values. */
    enum Row { NOTHING, LOGITS, EMBEDDING }

    /** Tokens that are known. */
    int length();

    int token(int index);

    /** What is wanted of the row of a token, the next time it is run. */
    Row wanted(int index);

    /** Takes what was wanted of the row of a token. @param values [wanted row, vocab or modelDim] */
    void take(int index, Matrix values, int row);

    /** Tells what there is to tell after a step, last what came of it if it was run to the end of what is known. */
    Outcome told(boolean isAtEnd);

    /** What a task is after a step. */
    enum Outcome {
        /** It goes on without another token: its prompt is not read to its end. */
        READS,
        /** It has one more token. */
        GENERATED,
        /** It has one more token, its last. */
        ENDED,
        /** It is over without another token. */
        OVER,
        /** It has one more token and waits for those of a tool. */
        BLOCKED
    }

    /** Ends it from outside, unless it has ended. @param problem empty if there is none */
    void end(FinishReason reason, String problem);

    /** Tells the end. */
    void done(Task task);
}
