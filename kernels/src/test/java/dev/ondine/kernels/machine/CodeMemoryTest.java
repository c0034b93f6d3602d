package dev.ondine.kernels.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodeMemoryTest {

    /** mov rax,[rdi]; add rax,[rdi+8]; mov [rdi+16],rax; ret. */
    private static final byte[] ADD = HexFormat.of().parseHex("488b0748034708" + "48894710" + "c3");
    /** The same with sub. */
    private static final byte[] SUBTRACT = HexFormat.of().parseHex("488b07482b4708" + "48894710" + "c3");

    @Test
    void runsEveryPieceOfCode() {
        try (CodeMemory memory = CodeMemory.of(TestHost.withMachineCode(), List.of(ADD, SUBTRACT)); Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocateFrom(ValueLayout.JAVA_LONG, 40, 2, 0);
            memory.code(0).call(block.address());
            assertThat(block.getAtIndex(ValueLayout.JAVA_LONG, 2)).isEqualTo(42);
            memory.code(1).call(block.address());
            assertThat(block.getAtIndex(ValueLayout.JAVA_LONG, 2)).isEqualTo(38);
        }
    }

    @Test
    void beginsEveryPieceOnACacheLineAndTakesAsManyPagesAsItNeeds() {
        byte[] large = new byte[5_000];
        large[0] = (byte) 0xC3;
        try (CodeMemory memory = CodeMemory.of(TestHost.withMachineCode(), List.of(ADD, large, SUBTRACT))) {
            assertThat(memory.byteSize()).isEqualTo(8192);
            assertThat(memory.code(1).address()).isEqualTo(memory.code(0).address() + 64);
            assertThat(memory.code(2).address()).isEqualTo(memory.code(1).address() + 5_056);
        }
    }

    @Test
    void isNeverWritableAndExecutableAndIsGivenBack() throws Exception {
        CodeMemory memory = CodeMemory.of(TestHost.withMachineCode(), List.of(ADD));
        String range = Long.toHexString(memory.code(0).address()) + "-" + Long.toHexString(memory.code(0).address() + memory.byteSize());

        assertThat(Files.readAllLines(Path.of("/proc/self/maps"))).anyMatch(line -> line.startsWith(range + " r-xp"));
        memory.close();
        memory.close();
        assertThat(Files.readAllLines(Path.of("/proc/self/maps"))).noneMatch(line -> line.startsWith(range + " r-xp"));
        assertThatThrownBy(() -> memory.code(0).call(0)).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    @ParameterizedTest
    @CsvSource({"Mac OS X, aarch64", "Mac OS X, x86_64", "Windows 11, amd64", "Linux, aarch64"})
    void refusesHostsThatAreUnproven(String system, String architecture) {
        assertThatThrownBy(() -> CodeMemory.of(new Host(system, architecture), List.of(ADD)))
                .isInstanceOf(CodeMemoryException.class)
                .hasMessage("no memory for machine code: unproven on " + system + " on " + architecture);
    }

    @Test
    void refusesCodeWithoutAnInstruction() {
        Host host = TestHost.here();
        assertThatThrownBy(() -> CodeMemory.of(host, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CodeMemory.of(host, List.of(ADD, new byte[0]))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysWhyAHostForbidsIt() throws Exception {
        TestHost.withMachineCode();
        ChildJvm.Outcome outcome = ChildJvm.run(WithoutNewCode.class, WithoutNewCode.FLAGS);

        assumeFalse(outcome.output().contains(WithoutNewCode.UNKNOWN), WithoutNewCode.UNKNOWN);
        assertThat(outcome.output().strip()).isEqualTo("no memory for machine code: the system forbids it: "
                + "mprotect says Permission denied (errno 13); SELinux, a seccomp filter or a hardened kernel does so");
        assertThat(outcome.exitCode()).isZero();
    }

    /** Asks the kernel to let this process gain no more executable memory, then for executable memory. */
    static final class WithoutNewCode {

        /** The JVM must take the memory for its own code before that. */
        static final List<String> FLAGS = List.of("-Xint", "-XX:-SegmentedCodeCache", "-XX:ReservedCodeCacheSize=16m", "-XX:InitialCodeCacheSize=16m");
        static final String UNKNOWN = "this kernel (before 6.3) cannot refuse new executable memory";

        private static final long PR_SET_MDWE = 65;
        private static final long PR_MDWE_REFUSE_EXEC_GAIN = 1;

        public static void main(String[] arguments) {
            MemorySegment prctl = Linker.nativeLinker().defaultLookup().findOrThrow("prctl");
            if ((int) SystemCalls.call(prctl, PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0) != 0) {
                System.out.println(UNKNOWN);
                return;
            }
            try (CodeMemory memory = CodeMemory.of(TestHost.here(), List.of(ADD))) {
                System.out.println("allowed " + memory.byteSize());
            } catch (CodeMemoryException refused) {
                System.out.println(refused.getMessage());
            }
        }
    }
}
