package dev.ondine.cli;

import dev.ondine.api.start.ChosenKernels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the state of a machine means for the speed of a model.
 *
 * @param kernels             description of the kernels in use
 * @param reason              why these
 * @param roofBytesPerSecond  how fast all threads read memory
 */
record Diagnosis(Machine machine, String kernels, String reason, int threads, double roofBytesPerSecond, String model,
                 ModelSummary summary) {

    /** Something slow, and what mends it. */
    record Finding(String problem, String remedy) { }

    /** Names and values, in the order of display. */
    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("java", machine.java());
        facts.put("processor", machine.processor());
        facts.put("cores", machine.cores());
        facts.put("kernels", kernels + " (" + reason + ")");
        facts.put("aot cache", machine.aotCache().orElse("none"));
        facts.put("memory", "%s, %s available, read at %s/s".formatted(Display.bytes(machine.memoryBytes()),
                Display.bytes(machine.freeBytes()), Display.bytes(roofBytesPerSecond)));
        facts.put("model", "%s, %s a token: memory allows %.0f tokens/s".formatted(model, Display.bytes(summary.bytesPerStep()),
                roofBytesPerSecond / summary.bytesPerStep()));
        return facts;
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>(machineFindings());
        if (kernels.startsWith("scalar")) {
            findings.add(new Finding("the kernels are scalar, many times slower than vectors",
                    reason.startsWith("asked") ? "leave out --kernels" : ChosenKernels.REMEDY));
        }
        if (threads < machine.cores()) {
            findings.add(new Finding("%d of %d cores compute".formatted(threads, machine.cores()), "leave out --threads"));
        }
        if (threads > machine.cores()) {
            findings.add(new Finding("%d threads share %d cores".formatted(threads, machine.cores()), "leave out --threads"));
        }
        if (summary.bytes() > machine.freeBytes()) {
            findings.add(new Finding(model + " is larger than the memory available, so that each token reads from disk",
                    "close other programs or take a smaller model or format"));
        }
        return findings;
    }

    private List<Finding> machineFindings() {
        List<Finding> findings = new ArrayList<>();
        if (machine.jvmMode().startsWith("interpreted")) {
            findings.add(new Finding("Java interprets everything", "leave out -Xint"));
        }
        if (machine.aotCache().isEmpty()) {
            findings.add(new Finding("there is no AOT cache, so that every start takes longer",
                    "start Ondine with its launcher, which makes one"));
        }
        if (machine.load() > machine.cores()) {
            findings.add(new Finding("programs wait for the processor, %.1f of them on %d cores".formatted(machine.load(), machine.cores()),
                    "close other programs"));
        }
        if (machine.governor().filter("powersave"::equals).isPresent()) {
            findings.add(new Finding("the processor saves power",
                    "set its governor to performance, for example with cpupower frequency-set -g performance"));
        }
        return findings;
    }
}
