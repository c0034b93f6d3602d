package dev.ondine.kernels.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.ondine.tensor.WorkerTeam;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineRoofsTest {

    /** No processor starts more than four such instructions in a cycle, nor has more than 7e9 cycles a second. */
    private static final double MOST_INSTRUCTIONS = 4 * 7e9;

    @Test
    void measuresWhatAProcessorCouldDo() {
        Host host = TestHost.withMachineCode();
        // Without caches, for a small buffer.
        Processor processor = new Processor("here", Processor.of(host).features(), 0);
        assumeFalse(processor.isas().isEmpty(), "no AVX2 here");
        try (WorkerTeam team = new WorkerTeam(2); MachineRoofs roofs = new MachineRoofs(host, processor, team)) {
            assertThat(roofs.computeRoofs()).contains(ComputeRoof.AVX2_INT8, ComputeRoof.AVX2_FLOAT32);
            for (ComputeRoof roof : roofs.computeRoofs()) {
                assertThat(roofs.multiplyAccumulatesPerSecond(roof, 1)).as(roof.instruction()).isBetween(1e8, MOST_INSTRUCTIONS * roof.products);
            }
            assertThat(roofs.memoryBytesPerSecond(1)).isBetween(1e8, 1e12);
            assertThat(roofs.memoryBytesPerSecond(2)).isBetween(1e8, 1e12);
            refusesThreads(roofs, 0);
            refusesThreads(roofs, 3);
        }
    }

    private static void refusesThreads(MachineRoofs roofs, int threads) {
        assertThatThrownBy(() -> roofs.memoryBytesPerSecond(threads)).hasMessage(threads + " threads cannot be measured with a team of 2");
        assertThatThrownBy(() -> roofs.multiplyAccumulatesPerSecond(ComputeRoof.AVX2_INT8, threads))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("team of 2");
    }

    @Test
    void refusesWhatAProcessorLacks() {
        Host host = TestHost.here();
        try (WorkerTeam team = new WorkerTeam(1)) {
            Processor plain = new Processor("an old one", EnumSet.noneOf(ProcessorFeature.class), 0);
            assertThatThrownBy(() -> new MachineRoofs(host, plain, team)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("an old one has not even AVX2, expected it, FMA and F16C");
        }
        Host withCode = TestHost.withMachineCode();
        try (WorkerTeam team = new WorkerTeam(1);
             MachineRoofs roofs = new MachineRoofs(withCode, new Processor("", Isa.AVX2.features(), 0), team)) {
            assertThat(roofs.computeRoofs()).isEqualTo(List.of(ComputeRoof.AVX2_INT8, ComputeRoof.AVX2_FLOAT32));
            assertThatThrownBy(() -> roofs.multiplyAccumulatesPerSecond(ComputeRoof.AMX_INT8, 1))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("tdpbssd");
        }
    }
}
