package dev.ondine.cli;

import dev.ondine.roofline.formula.ModalTokens;
import dev.ondine.roofline.formula.RetrievalPrompt;
import dev.ondine.roofline.plan.Workload;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The options that say what a model is used for. */
final class WorkloadFlags {

    private static final Pattern RETRIEVED = Pattern.compile("([0-9]{1,6})x([0-9]{1,6})");

    @Option(names = {"-c", "--context"}, paramLabel = "N", description = "Tokens in the cache while decoding (default: 1024).")
    private Integer context;

    @Option(names = {"-p", "--prompt"}, paramLabel = "N", description = "Tokens of the prompt (default: 512).")
    private Integer prompt;

    @Option(names = {"-b", "--batch"}, paramLabel = "N", description = "Sequences that decode together (default: 1).")
    private Integer batch;

    @Option(names = "--attach", paramLabel = "WAY:N", split = ",", description = "Pictures, seconds of sound or video, or actions in the prompt, "
            + "by the way they become tokens: llava-1.5:2,whisper:30.")
    private List<String> attached = List.of();

    @Option(names = "--retrieve", paramLabel = "NxTOKENS", description = "Passages put before the question, and tokens of each: 5x200.")
    private String retrieved;

    Workload workload() {
        Workload workload = Workload.USUAL;
        long tokens = prompt == null ? workload.promptTokens() : prompt;
        tokens = Math.addExact(withPassages(tokens), attached.stream().mapToLong(WorkloadFlags::attachedTokens).sum());
        workload = workload.withPrompt((int) Math.min(tokens, Integer.MAX_VALUE));
        // What is read stays in the cache.
        workload = workload.withContext(context != null ? context : Math.max(workload.contextTokens(), workload.promptTokens()));
        return batch == null ? workload : workload.withBatch(batch);
    }

    private long withPassages(long questionTokens) {
        if (retrieved == null) {
            return questionTokens;
        }
        Matcher passages = RETRIEVED.matcher(retrieved);
        if (!passages.matches()) {
            throw new IllegalArgumentException("--retrieve is %s, expected passages and tokens of each, such as 5x200".formatted(Display.quoted(retrieved)));
        }
        return new RetrievalPrompt(Integer.parseInt(passages.group(1)), Integer.parseInt(passages.group(2)), Math.toIntExact(questionTokens))
                .promptTokens();
    }

    private static long attachedTokens(String attachment) {
        String[] parts = attachment.split(":", 2);
        double count = 1;
        if (parts.length == 2) {
            try {
                count = Double.parseDouble(parts[1]);
            } catch (NumberFormatException e) {
                count = -1;
            }
        }
        if (!(count > 0 && count <= 1e6)) {
            throw new IllegalArgumentException("--attach: %s, expected a way to make tokens and how many items or seconds, such as llava-1.5:2"
                    .formatted(Display.quoted(attachment)));
        }
        return (long) Math.ceil(ModalTokens.named(parts[0]).tokens() * count);
    }
}
