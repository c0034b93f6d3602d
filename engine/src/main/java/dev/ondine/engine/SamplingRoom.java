package dev.ondine.engine;

/** Scratch memory for picking tokens, some 28 bytes for each token of the vocabulary: generations that take turns share it. */
public final class SamplingRoom {

    final Logits logits;
    final Probabilities probabilities;
    final int[] occurrences;

    public SamplingRoom(int vocabSize) {
        logits = new Logits(vocabSize);
        probabilities = new Probabilities(vocabSize);
        occurrences = new int[vocabSize];
    }

    int vocabSize() {
        return logits.vocabSize();
    }
}
