package dev.ondine.kernels.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedMemoryTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 64, 4095, 4096, 4097})
    void allItsBytesCanBeUsed(long bytes) {
        TestHost.withMachineCode();
        try (GuardedMemory upper = GuardedMemory.endingAtGuard(bytes); GuardedMemory lower = GuardedMemory.beginningAfterGuard(bytes)) {
            assertThat(upper.segment().fill((byte) 1).get(ValueLayout.JAVA_BYTE, bytes - 1)).isEqualTo((byte) 1);
            assertThat(lower.segment().fill((byte) 1).get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"end, 99, true", "end, 100, false", "begin, 0, true", "begin, -1, false"})
    void oneByteTooManyEndsTheProcess(String side, String offset, boolean inside, @TempDir Path folder) throws Exception {
        TestHost.withMachineCode();
        ChildJvm.Outcome outcome = ChildJvm.run(Reader.class,
                List.of("-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + folder.resolve("crash.log")), side, offset);

        assertThat(outcome.output().contains("read it")).isEqualTo(inside);
        assertThat(outcome.exitCode() == 0).isEqualTo(inside);
    }

    /** Reads one byte of 100 with machine code. */
    static final class Reader {

        public static void main(String[] arguments) {
            byte[] code = HexFormat.of().parseHex("0fb607" + "c3"); // movzx eax, byte [rdi]; ret
            try (GuardedMemory guarded = arguments[0].equals("end") ? GuardedMemory.endingAtGuard(100) : GuardedMemory.beginningAfterGuard(100);
                 CodeMemory memory = CodeMemory.of(TestHost.here(), List.of(code))) {
                memory.code(0).call(guarded.address() + Long.parseLong(arguments[1]));
                System.out.println("read it");
            }
        }
    }
}
