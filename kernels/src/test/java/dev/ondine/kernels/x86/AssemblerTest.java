package dev.ondine.kernels.x86;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every public method that appends an instruction is found and called by reflection, so a new one is checked from its first day.
 * If its operands are not the usual ones, {@link VectorShape} or {@link GeneralText} says so.
 */
class AssemblerTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final List<Instruction> OURS = Instructions.all().toList();

    @Test
    void encodesAsBinutilsDo(@TempDir Path folder) throws IOException {
        assumeTrue(GnuAssembler.isPresent(), "no GNU binutils here to compare with; the recorded encodings are compared all the same");
        List<byte[]> theirs = GnuAssembler.assemble(OURS.stream().map(Instruction::text).toList(), folder);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < theirs.size(); i++) {
            String mine = HEX.formatHex(OURS.get(i).bytes());
            String other = HEX.formatHex(theirs.get(i));
            if (!mine.equals(other)) {
                differences.add("%s%n  ours   %s%n  theirs %s".formatted(OURS.get(i).text(), mine, other));
            }
        }
        assertThat(OURS).hasSameSizeAs(theirs).hasSizeGreaterThan(40_000);
        assertThat(differences).as("%d of %d instructions differ", differences.size(), OURS.size()).isEmpty();
    }

    @Test
    void encodesAsRecorded() throws IOException {
        Map<String, String> recorded = RecordedEncodings.read();
        Map<String, String> ours = OURS.stream().filter(instruction -> recorded.containsKey(instruction.text()))
                .collect(Collectors.toMap(Instruction::text, instruction -> HEX.formatHex(instruction.bytes()), (a, b) -> a));
        assertThat(ours).containsExactlyInAnyOrderEntriesOf(recorded);
    }

    @Test
    void everyInstructionIsRecorded() throws IOException {
        Set<String> recorded = RecordedEncodings.read().keySet();
        assertThat(Instructions.methods()).hasSizeGreaterThan(100).extracting(Instructions::signature)
                .isSubsetOf(OURS.stream().filter(instruction -> recorded.contains(instruction.text()))
                        .map(Instruction::method).collect(Collectors.toSet()));
    }

    /** A jump back over more than a short jump reaches, and two jumps to one place that comes later. */
    @Test
    void jumpsLandWhereTheLabelStands() {
        Assembler assembler = new Assembler();
        Label start = new Label();
        Label end = new Label();
        assembler.place(start);
        assembler.jump(Condition.EQUAL, end);
        for (int i = 0; i < 2_000; i++) {
            assembler.ret();
        }
        assembler.jump(end);
        assembler.jump(start);
        assembler.place(end);
        byte[] code = assembler.toBytes();
        assertThat(HEX.formatHex(code, 0, 6)).isEqualTo("0f84" + "da070000");
        assertThat(HEX.formatHex(code, 2_006, 2_016)).isEqualTo("e905000000" + "e920f8ffff");
        assertThat(code).hasSize(2_016);
    }

    @Test
    void refusesWhatNoProcessorUnderstands() {
        Assembler assembler = new Assembler();
        Mem memory = Mem.at(Gpr.RAX);
        assertRefused("cannot broadcast", () -> assembler.vpaddb(Vec.zmm(0), Vec.zmm(1), memory.toAll()));
        assertRefused("cannot broadcast", () -> assembler.vpermq(Vec.zmm(0), memory.toAll(), 0));
        assertRefused("cannot zero memory", () -> assembler.vmovups(memory, Vec.zmm(0).zeroed(1)));
        assertRefused("no AVX-512 form", () -> assembler.vpsignb(Vec.ymm(0), Vec.ymm(16), Vec.ymm(1)));
        assertRefused("no AVX-512 form", () -> assembler.vblendvps(Vec.zmm(0), Vec.zmm(0), Vec.zmm(0), Vec.zmm(0)));
        assertRefused("index", () -> assembler.tileloadd(new Tmm(0), memory));
        assertRefused("index", () -> Mem.at(Gpr.RAX, Gpr.RSP, 1, 0));
        assertRefused("3", () -> Mem.at(Gpr.RAX, Gpr.RBX, 3, 0));
        assertRefused("32", () -> Vec.zmm(32));
        assertRefused("mask 0", () -> Vec.zmm(0).zeroed(0));
        assertRefused("8", () -> new Tmm(8));
        assertThat(assembler.size()).isZero();
    }

    @Test
    void refusesLabelsInNoPlaceAndInTwo() {
        Assembler assembler = new Assembler();
        Label label = new Label();
        assembler.jump(label);
        assertThatThrownBy(assembler::toBytes).isInstanceOf(IllegalStateException.class).hasMessageContaining("without a place");
        assembler.place(label);
        assertThat(assembler.toBytes()).hasSize(5);
        assertThatThrownBy(() -> assembler.place(label)).isInstanceOf(IllegalStateException.class).hasMessageContaining("two places");
    }

    private static void assertRefused(String reason, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(reason);
    }
}
