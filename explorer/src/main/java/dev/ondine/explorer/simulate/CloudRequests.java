package dev.ondine.explorer.simulate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Work that reaches a cloud, as columns. */
final class CloudRequests implements CloudLog {

    private double[] seconds = new double[16];
    private double[] slack = new double[16];
    private int[] prompt = new int[16];
    private int[] answer = new int[16];
    private int count;

    @Override
    public void request(double atSeconds, int promptTokens, int answerTokens, double firstTokenSlack) {
        if (count == seconds.length) {
            grow(2 * count);
        }
        seconds[count] = atSeconds;
        slack[count] = firstTokenSlack;
        prompt[count] = promptTokens;
        answer[count++] = answerTokens;
    }

    private void grow(int size) {
        seconds = Arrays.copyOf(seconds, size);
        slack = Arrays.copyOf(slack, size);
        prompt = Arrays.copyOf(prompt, size);
        answer = Arrays.copyOf(answer, size);
    }

    void add(CloudRequests other) {
        for (int i = 0; i < other.count; i++) {
            request(other.seconds[i], other.prompt[i], other.answer[i], other.slack[i]);
        }
    }

    /** By time; those of the same time in the order in which they were added. */
    CloudRequests sorted() {
        CloudRequests sorted = new CloudRequests();
        sorted.grow(Math.max(16, count));
        IntStream.range(0, count).boxed().sorted(Comparator.comparingDouble(i -> seconds[i]))
                .forEach(i -> sorted.request(seconds[i], prompt[i], answer[i], slack[i]));
        return sorted;
    }

    int count() {
        return count;
    }

    double seconds(int request) {
        return seconds[request];
    }

    double slack(int request) {
        return slack[request];
    }

    int prompt(int request) {
        return prompt[request];
    }

    /** 0 for the verification of a draft. */
    int answer(int request) {
        return answer[request];
    }
}
