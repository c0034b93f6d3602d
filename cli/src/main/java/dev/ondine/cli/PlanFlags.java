package dev.ondine.cli;

import dev.ondine.explorer.chart.ChartSettings;
import dev.ondine.explorer.shape.ShapeFile;
import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.cost.Efficiency;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.device.Unit;
import dev.ondine.roofline.plan.CloudLink;
import dev.ondine.roofline.plan.Drafting;
import dev.ondine.roofline.plan.PlanRequest;
import dev.ondine.roofline.plan.Workload;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.roofline.shape.WeightGroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that say which model is planned, on what, and for what use. */
final class PlanFlags {

    private static final String ANY_BANDWIDTH = "1 GB/s";
    private static final String USUAL_FORMAT = "Q4_0";
    private static final int USUAL_DRAFT = 4;
    private static final double USUAL_ACCEPTANCE = 0.7;
    private static final double USUAL_ROUND_TRIP_SECONDS = 0.05;

    @Parameters(arity = "0..1", paramLabel = "MODEL",
            description = "Model of the catalogue (--list models), or a GGUF file, safetensors file or folder, or config.json.")
    private String model;

    @Option(names = "--on", paramLabel = "DEVICE", description = "Device of the catalogue (--list devices); "
            + "\"here\" is this machine, once it is calibrated (default: here, if it is).")
    private String device;

    @Option(names = "--catalogue", paramLabel = "PATH", description = "Further cards of devices and models: a file or folder.")
    private Path catalogue;

    @Option(names = "--params", paramLabel = "N", description = "Parameters of a model that no catalogue knows, for instance 7e9.")
    private Double parameters;

    @Option(names = "--active", paramLabel = "N", description = "Of these, parameters that a token uses (mixture of experts).")
    private Double active;

    @Option(names = {"--format", "--bits"}, paramLabel = "FORMAT", description = "How weights are stored: Q4_0, Q4_K_M, INT4, FP8 …, "
            + "or bits a weight (default: as in the file, else Q4_0).")
    private String format;

    @Option(names = "--kv", paramLabel = "FORMAT", description = "How keys and values are stored (default: F16).")
    private String kv;

    @Mixin
    private WorkloadFlags workload;

    @Option(names = "--lora", paramLabel = "RANK", description = "Adapters of this rank beside every matrix of the layers, not merged.")
    private Integer adapterRank;

    @Option(names = "--sparse", paramLabel = "N:M", description = "Of M neighbouring weights keep N, as with 2:4.")
    private String sparse;

    @Option(names = "--draft", paramLabel = "MODEL", description = "Small model that drafts for the large one.")
    private String draft;

    @Option(names = "--draft-format", paramLabel = "FORMAT", description = "Of its weights (default: as the large one's).")
    private String draftFormat;

    @Option(names = "--drafted", paramLabel = "N", description = "Tokens that it drafts at a time (default: 4).")
    private Integer drafted;

    @Option(names = "--acceptance", paramLabel = "SHARE", description = "Chance that a drafted token is accepted (default: 0.7).")
    private String acceptance;

    @Option(names = "--cloud", paramLabel = "DEVICE", description = "Where the model could run instead, or check drafts.")
    private String cloud;

    @Option(names = "--cloud-format", paramLabel = "FORMAT", description = "Of the weights there (default: FP16).")
    private String cloudFormat;

    @Option(names = "--rtt", paramLabel = "TIME", description = "Round trip to the cloud (default: 50 ms).")
    private String roundTrip;

    @Option(names = "--mbu", paramLabel = "SHARE", description = "Share of the bandwidth that decoding reaches; 1.0 is the ideal of charts.")
    private String memoryEfficiency;

    @Option(names = "--mfu", paramLabel = "SHARE", description = "Share of the peak that prompts reach.")
    private String computeEfficiency;

    @Option(names = "--bandwidth", paramLabel = "RATE", description = "Memory bandwidth, in place of the device's: 76.8GB/s.")
    private String bandwidth;

    @Option(names = "--memory", paramLabel = "SIZE", description = "Memory, in place of the device's: 16GB.")
    private String memory;

    @Option(names = "--int8", paramLabel = "RATE", description = "Peak of 8-bit operations, in place of the device's: 45TOPS.")
    private String int8;

    @Option(names = "--fp16", paramLabel = "RATE", description = "Peak of 16-bit operations, in place of the device's: 20TFLOPS.")
    private String fp16;

    @Option(names = "--traffic", paramLabel = "RATE", description = "Bandwidth that display, camera and others take: 8GB/s.")
    private String traffic;

    @Option(names = "--flash", paramLabel = "RATE", description = "Flash that weights are read from which do not fit: 4.2GB/s.")
    private String flash;

    @Option(names = "--idle", paramLabel = "POWER", description = "Power that the device draws all the time: 0.8W.")
    private String idle;

    @Option(names = "--pj-per-bit", paramLabel = "N", description = "Energy of a bit from memory, in picojoules.")
    private Double picojoules;

    Catalogue catalogue(Console console) {
        return UserCatalogue.open(console, catalogue);
    }

    /** What charts are drawn with: what the options say, else what suits each. @param tokensPerWord null for the usual number */
    ChartSettings chartSettings(Double tokensPerWord) {
        ChartSettings settings = ChartSettings.usual();
        settings = tokensPerWord == null ? settings : settings.withTokensPerWord(tokensPerWord);
        settings = memoryEfficiency == null ? settings : settings.withMbu(share("--mbu", memoryEfficiency));
        settings = bandwidth == null ? settings : settings.withBandwidths(List.of(quantity(Spec.MEMORY_BANDWIDTH, bandwidth)));
        return format == null ? settings : settings.withBits(bits(format));
    }

    /** @throws IllegalArgumentException saying what is missing or wrong */
    PlanRequest request(Catalogue known) {
        ModelShape shape = adapterRank == null ? shape(known) : shape(known).withAdapters(adapterRank);
        PlanRequest request = request(known, shape, precision(shape));
        if (draft != null) {
            ModelShape small = shape(known, draft);
            request = request.with(new Drafting(small, draftFormat == null ? precision(small) : Precision.named(draftFormat),
                    drafted == null ? USUAL_DRAFT : drafted, acceptance == null ? USUAL_ACCEPTANCE : share("--acceptance", acceptance)));
        }
        return cloud == null ? request : request.with(cloudLink(known, shape));
    }

    /** The bandwidth is what is asked for: without a device, any will do to begin with. */
    void allowAnyBandwidth() {
        if (device == null && bandwidth == null) {
            bandwidth = ANY_BANDWIDTH;
        }
    }

    /** The request for any model and format, without a draft model or a cloud. */
    PlanRequest request(Catalogue known, ModelShape shape, Precision precision) {
        Device on = device(known);
        PlanRequest request = PlanRequest.of(shape, precision, on).with(workload.workload());
        request = kv == null ? request : request.withKv(StoredFormat.named(kv));
        return request.with(efficiency(request.efficiency()));
    }

    /** The settings of the what-if page that the options give, in its units. */
    Map<String, String> pageSettings(Catalogue known) {
        Map<String, String> settings = new LinkedHashMap<>();
        if (device != null) {
            settings.put("device", known.device(device).id());
        }
        if (model != null && !Files.exists(Path.of(model))) {
            settings.put("model", known.model(model).id());
        }
        if (cloud != null) {
            settings.put("cloud", known.device(cloud).id());
        }
        if (bandwidth != null) {
            settings.put("bandwidth", Double.toString(quantity(Spec.MEMORY_BANDWIDTH, bandwidth) / 1e9));
        }
        if (format != null) {
            settings.put("bits", Double.toString(bits(format)));
        }
        if (roundTrip != null) {
            settings.put("rtt", Double.toString(1000 * Unit.SECONDS.parse(roundTrip)));
        }
        Workload used = workload.workload();
        settings.put("context", Integer.toString(used.contextTokens()));
        settings.put("batch", Integer.toString(used.batch()));
        return settings;
    }

    /** A weight, on average. */
    private static double bits(String format) {
        return Precision.named(format).bytes(ModelShape.ofParameters("a billion", 1_000_000_000)) * 8 / 1e9;
    }

    /** The device that the options name. */
    Device device(Catalogue known) {
        Device on = device != null ? known.device(device) : defaultDevice(known);
        for (Map.Entry<Spec, String> given : given().entrySet()) {
            on = on.with(given.getKey(), quantity(given.getKey(), given.getValue()));
        }
        boolean changesSpeed = bandwidth != null || int8 != null || fp16 != null || traffic != null || memoryEfficiency != null
                || computeEfficiency != null;
        // Times that were measured say nothing of another machine.
        return changesSpeed ? on.withoutKernels() : on;
    }

    private ModelShape shape(Catalogue known) {
        if (model != null && parameters != null) {
            throw new IllegalArgumentException("the model is given twice, as " + Display.quoted(model) + " and with --params");
        }
        if (parameters != null) {
            return ModelShape.ofParameters("unnamed model", size("--params", parameters),
                    size("--active", active == null ? parameters : active));
        }
        if (model == null) {
            throw new IllegalArgumentException("name a model of the catalogue (--list models) or a file, or give --params");
        }
        return shape(known, model);
    }

    private static ModelShape shape(Catalogue known, String name) {
        return Files.exists(Path.of(name)) ? ShapeFile.read(Path.of(name)) : known.model(name).shape();
    }

    private static long size(String option, double value) {
        if (!(value >= 1 && value <= 1e15)) {
            throw new IllegalArgumentException("%s is %s, expected 1 to 1e15".formatted(option, value));
        }
        return Math.round(value);
    }

    private Precision precision(ModelShape shape) {
        boolean fromFile = format == null && shape.weights().stream().map(WeightGroup::stored).allMatch(Optional::isPresent);
        Precision dense = fromFile ? new Precision.AsStored() : Precision.named(format == null ? USUAL_FORMAT : format);
        return sparse == null ? dense : pruned(dense);
    }

    private Precision pruned(Precision dense) {
        if (!sparse.matches("[0-9]{1,3}:[0-9]{1,3}")) {
            throw new IllegalArgumentException("--sparse is %s, expected weights to keep and of how many, such as 2:4".formatted(Display.quoted(sparse)));
        }
        String[] parts = sparse.split(":");
        return new Precision.Pruned(dense, Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    private Device defaultDevice(Catalogue known) {
        if (bandwidth != null) {
            return Device.imaginary();
        }
        return known.devices().stream().filter(each -> each.id().equals(UserCatalogue.HERE)).findAny()
                .orElseThrow(() -> new IllegalArgumentException("name a device with --on (--list devices shows all), give --bandwidth, "
                        + "or calibrate this machine with \"ondine plan --calibrate\""));
    }

    private Map<Spec, String> given() {
        Map<Spec, String> given = new EnumMap<>(Spec.class);
        put(given, Spec.MEMORY_BANDWIDTH, bandwidth);
        put(given, Spec.MEMORY_CAPACITY, memory);
        put(given, Spec.INT8_PEAK, int8);
        put(given, Spec.FP16_PEAK, fp16);
        put(given, Spec.SHARED_TRAFFIC, traffic);
        put(given, Spec.FLASH_READ, flash);
        put(given, Spec.IDLE_POWER, idle);
        put(given, Spec.MEMORY_ENERGY, picojoules == null ? null : picojoules + " pJ/bit");
        return given;
    }

    private static void put(Map<Spec, String> given, Spec spec, String value) {
        if (value != null) {
            given.put(spec, value);
        }
    }

    private static double quantity(Spec spec, String text) {
        return spec.requireValid(spec.unit().parse(text));
    }

    private Efficiency efficiency(Efficiency typical) {
        Efficiency chosen = memoryEfficiency == null ? typical : typical.withMemory(share("--mbu", memoryEfficiency));
        return computeEfficiency == null ? chosen : chosen.withCompute(share("--mfu", computeEfficiency));
    }

    private static double share(String option, String text) {
        try {
            return Unit.SHARE.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(option, e.getMessage()), e);
        }
    }

    private CloudLink cloudLink(Catalogue known, ModelShape shape) {
        Device there = known.device(cloud);
        return new CloudLink(there, Efficiency.typical(there, shape), Precision.named(cloudFormat == null ? "FP16" : cloudFormat),
                roundTrip == null ? USUAL_ROUND_TRIP_SECONDS : Unit.SECONDS.parse(roundTrip));
    }
}
