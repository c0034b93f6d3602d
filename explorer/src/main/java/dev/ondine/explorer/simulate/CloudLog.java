package dev.ondine.explorer.simulate;

/** What hears of every piece of work that a device sends to the cloud. */
interface CloudLog {

    CloudLog NONE = (seconds, promptTokens, answerTokens, firstTokenSlack) -> { };

    /**
     * @param seconds         on the clock when it reaches the cloud
     * @param answerTokens    0 for the verification of a draft
     * @param firstTokenSlack seconds that it could wait and still meet its deadline to the first token; infinite without a deadline
     */
    void request(double seconds, int promptTokens, int answerTokens, double firstTokenSlack);
}
