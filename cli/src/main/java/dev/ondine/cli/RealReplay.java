package dev.ondine.cli;

import dev.ondine.api.Ondine;
import dev.ondine.api.OndineSettings;
import dev.ondine.api.OndineTask;
import dev.ondine.api.start.StartedModel;
import dev.ondine.explorer.replay.KernelReplay;
import dev.ondine.explorer.replay.ReplayReport;
import dev.ondine.explorer.replay.ReplayScenario;
import dev.ondine.explorer.replay.SimulatedReplay;
import dev.ondine.explorer.shape.ShapeFile;
import dev.ondine.files.GgufFile;
import dev.ondine.os.SchedulerSettings;
import dev.ondine.os.TaskResult;
import dev.ondine.os.TaskTerms;
import dev.ondine.os.simulate.SimulatedDevice;
import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.cost.CostModel;
import dev.ondine.roofline.cost.Efficiency;
import dev.ondine.roofline.cost.MeasuredModel;
import dev.ondine.roofline.cost.RooflineModel;
import dev.ondine.roofline.cost.StepCosts;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.Precision;
import dev.ondine.roofline.shape.StoredFormat;
import dev.ondine.tensor.NumberFormat;
import java.util.List;
import java.util.function.Consumer;

/** {@code replay --real}: a scenario on the engine, and then the same simulated with the speed that was measured. */
final class RealReplay {

    private final CommonOptions options;
    private final Console console;

    RealReplay(CommonOptions options, Console console) {
        this.options = options;
        this.console = console;
    }

    /** @return the real one and the simulated one */
    List<ReplayReport> run(ReplayScenario scenario, SchedulerSettings limits, double load, long seed) {
        OndineSettings settings = options.settings(console).withScheduler(limits);
        Catalogue catalogue = UserCatalogue.open(console, null);
        settings = catalogue.devices().stream().anyMatch(device -> device.id().equals(UserCatalogue.HERE))
                ? settings.withDevice(catalogue.device(UserCatalogue.HERE)) : settings;
        ReplayReport real;
        try (PackingProgress progress = new PackingProgress(console);
                Ondine ondine = Ondine.open(options.source(), settings.withListener(progress))) {
            ondine.model().settle();
            warmUp(ondine);
            real = new KernelReplay(ondine.kernel(), (terms, prompt, tokens, done) -> submit(ondine, terms, prompt, tokens, done),
                    ondine.model().tokenizer().vocabulary().size(), ondine.model().contextLength()).run(scenario, load, seed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return List.of(real, SimulatedReplay.run(scenario, costs(settings.device()), twin(real), limits, load, seed));
    }

    /** The first steps of a process are slow: its code is still being compiled. */
    private static void warmUp(Ondine ondine) throws InterruptedException {
        int[] prompt = new int[Math.min(128, ondine.model().contextLength() / 2)];
        ondine.task().prompt(prompt).maxTokens(Math.min(64, prompt.length)).ignoreEnd().run();
    }

    private static long submit(Ondine ondine, TaskTerms terms, int[] prompt, int tokens, Consumer<TaskResult> done) {
        OndineTask task = ondine.task().prompt(prompt).terms(terms).maxTokens(tokens).ignoreEnd().start();
        Thread.startVirtualThread(() -> {
            try {
                done.accept(task.answer().result());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return task.id();
    }

    /** A simulated device as fast as this one was. */
    private static SimulatedDevice twin(ReplayReport real) {
        double decode = ratio(real, "decode", 1);
        return SimulatedDevice.exact(StartedModel.BATCH_ROWS, SchedulerSettings.STANDARD.mostRunning())
                .taking(decode, ratio(real, "mixed", ratio(real, "read", decode)), 0);
    }

    private static double ratio(ReplayReport report, String kind, double fallback) {
        return report.residuals().stream().filter(one -> one.kind().equals(kind)).mapToDouble(ReplayReport.StepResiduals::modelRatio)
                .findAny().orElse(fallback);
    }

    private StepCosts costs(Device device) {
        try (GgufFile file = options.openFile()) {
            ModelShape shape = ShapeFile.of(file);
            CostModel model = device.kernels().<CostModel>map(MeasuredModel::new)
                    .orElseGet(() -> new RooflineModel(device, Efficiency.typical(device, shape)));
            return new StepCosts(shape, new Precision.AsStored(), StoredFormat.of(options.kvFormat().orElse(NumberFormat.F16)),
                    device, model, StartedModel.BATCH_ROWS);
        }
    }
}
