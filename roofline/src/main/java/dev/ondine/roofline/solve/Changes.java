package dev.ondine.roofline.solve;

import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.plan.Drafting;
import dev.ondine.roofline.plan.Plan;
import dev.ondine.roofline.plan.PlanRequest;
import dev.ondine.roofline.plan.Planner;
import dev.ondine.roofline.plan.Workload;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.tensor.NumberFormat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What could be changed about a plan, one thing at a time. */
final class Changes {

    /** What files hold, and numbers alone; from each the next lower one is a change that people make. */
    private static final List<String> FILE_FORMATS = List.of("F16", "Q8_0", "Q4_0");
    private static final List<String> PURE_FORMATS = List.of("FP16", "INT8", "INT4", "INT3", "INT2");

    private static final double LOWER = 0.9;
    private static final double NEXT_GENERATION = 1.33;
    private static final double EFFICIENT = 0.9;
    private static final double DRAFT_SIZE = 0.1;
    private static final double DRAFT_ACCEPTANCE = 0.7;
    private static final int MOST_DRAFT_TOKENS = 16;

    /** What memory is sold in, in GB; beyond the last one its multiples. */
    private static final int[] CAPACITIES = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024};

    private final Plan plan;
    private final PlanRequest request;

    Changes(Plan plan) {
        this.plan = plan;
        this.request = plan.request();
    }

    List<Change> all() {
        return Stream.concat(Stream.of(fewerBits(), smallerCache(), draft(), acceptance(), draftTokens(), shorterContext(), capacity()),
                Stream.concat(batch(), hardware())).flatMap(List::stream).toList();
    }

    private List<Change> fewerBits() {
        List<String> ladder = request.precision() instanceof Precision.Uniform ? PURE_FORMATS : FILE_FORMATS;
        return ladder.stream().map(Precision::named).filter(lower -> bits(lower) < LOWER * bits(request.precision())).findFirst()
                .map(lower -> new Change("%s instead of %s bits a weight".formatted(Words.bits(bits(lower)),
                        Words.bits(bits(request.precision()))), remark(lower),
                        request.with(request.shape().withoutStoredFormats()).with(lower))).stream().toList();
    }

    private double bits(Precision precision) {
        return QualityProxy.bitsPerWeight(request.shape(), precision);
    }

    private String remark(Precision lower) {
        double share = QualityProxy.of(request.shape(), lower) / QualityProxy.of(request.shape(), request.precision());
        return "%s; quality %s %% lower by the proxy".formatted(lower.name(), Words.rough(100 * (1 - share)));
    }

    private List<Change> smallerCache() {
        StoredFormat smaller = StoredFormat.of(NumberFormat.Q8_0);
        return request.kvFormat().bitsPerWeight() * LOWER <= smaller.bitsPerWeight() || request.shape().attention().isEmpty() ? List.of()
                : List.of(new Change("keys and values in Q8_0 instead of " + request.kvFormat().name(), request.withKv(smaller)));
    }

    private List<Change> draft() {
        if (request.drafting().isPresent()) {
            return List.of();
        }
        ModelShape tenth = ScaledShape.of(request.shape(), DRAFT_SIZE);
        Drafting draft = withBestLength(new Drafting(tenth, request.precision(), 1, DRAFT_ACCEPTANCE));
        return List.of(new Change("a draft model of a tenth of the size that proposes " + tokens(draft.draftTokens()),
                "if %s of them are accepted".formatted(DRAFT_ACCEPTANCE), request.with(draft)));
    }

    private Drafting withBestLength(Drafting drafting) {
        return IntStream.rangeClosed(1, MOST_DRAFT_TOKENS).mapToObj(drafting::withDraftTokens).max(Comparator.comparingDouble(
                longer -> Planner.plan(request.with(longer)).decode().tokensPerSecond())).orElseThrow();
    }

    private static String tokens(int count) {
        return count == 1 ? "1 token" : count + " tokens";
    }

    /** A draft model that is tuned to its target misses half as often. */
    private List<Change> acceptance() {
        return request.drafting().map(drafting -> {
            Drafting better = withBestLength(drafting.withAcceptance((1 + drafting.acceptance()) / 2));
            return new Change("an acceptance of %s instead of %s".formatted(Words.number(better.acceptance()),
                    Words.number(drafting.acceptance())), "with drafts of " + tokens(better.draftTokens()), request.with(better));
        }).stream().toList();
    }

    private List<Change> draftTokens() {
        return request.drafting().map(drafting -> {
            Drafting better = withBestLength(drafting);
            return new Change("drafts of %s instead of %d".formatted(tokens(better.draftTokens()), drafting.draftTokens()),
                    request.with(better));
        }).stream().toList();
    }

    private List<Change> shorterContext() {
        Workload workload = request.workload();
        int half = workload.contextTokens() / 2;
        return half == 0 ? List.of() : List.of(new Change("a context of %d instead of %d tokens".formatted(half, workload.contextTokens()),
                request.with(workload.withContext(half))));
    }

    /** Fewer help each of them, more help all together. */
    private Stream<List<Change>> batch() {
        Workload workload = request.workload();
        return Stream.of(workload.batch() / 2, workload.batch() * 2).filter(batch -> batch > 0).map(batch -> List.of(new Change(
                "%d instead of %d sequences at once".formatted(batch, workload.batch()), request.with(workload.withBatch(batch)))));
    }

    private List<Change> capacity() {
        if (plan.footprint().fits()) {
            return List.of();
        }
        double needed = plan.footprint().totalBytes() + request.device().number(Spec.MEMORY_RESERVED, 0);
        double sold = usualCapacity(needed);
        return List.of(new Change("%s instead of %s of memory".formatted(Words.of(Spec.MEMORY_CAPACITY.unit(), sold),
                Words.of(Spec.MEMORY_CAPACITY.unit(), request.device().required(Spec.MEMORY_CAPACITY))),
                request.with(request.device().with(Spec.MEMORY_CAPACITY, sold))));
    }

    private static double usualCapacity(double needed) {
        double largest = CAPACITIES[CAPACITIES.length - 1] * 1e9;
        return IntStream.of(CAPACITIES).mapToDouble(gigabytes -> gigabytes * 1e9).filter(sold -> sold >= needed).findFirst()
                .orElse(Math.ceil(needed / largest) * largest);
    }

    /** Of a calibrated machine nothing of this is a figure that times follow from. */
    private Stream<List<Change>> hardware() {
        return request.device().kernels().isPresent() ? Stream.of() : Stream.of(bandwidth(), efficiency(), peak());
    }

    private List<Change> bandwidth() {
        double now = request.device().required(Spec.MEMORY_BANDWIDTH);
        return List.of(new Change("%s instead of %s".formatted(Words.of(Spec.MEMORY_BANDWIDTH.unit(), now * NEXT_GENERATION),
                Words.of(Spec.MEMORY_BANDWIDTH.unit(), now)), "memory of the next generation",
                request.with(request.device().with(Spec.MEMORY_BANDWIDTH, now * NEXT_GENERATION))));
    }

    private List<Change> efficiency() {
        double now = request.efficiency().memory();
        return now >= EFFICIENT ? List.of() : List.of(new Change("%s instead of %s of the memory bandwidth used".formatted(
                EFFICIENT, Words.number(now)), "a more efficient program", request.with(request.efficiency().withMemory(EFFICIENT))));
    }

    private List<Change> peak() {
        Device faster = request.device();
        List<String> words = new ArrayList<>();
        for (Spec spec : List.of(Spec.INT8_PEAK, Spec.FP16_PEAK, Spec.FP8_PEAK)) {
            if (faster.knows(spec)) {
                double now = faster.required(spec);
                faster = faster.with(spec, 2 * now);
                words.add("%s instead of %s".formatted(Words.of(spec.unit(), 2 * now), Words.of(spec.unit(), now)));
            }
        }
        Optional<String> first = words.stream().findFirst();
        Device doubled = faster;
        return first.map(told -> new Change(told, "twice the peak", request.with(doubled))).stream().toList();
    }
}
