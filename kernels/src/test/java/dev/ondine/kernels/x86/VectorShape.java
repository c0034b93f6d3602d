package dev.ondine.kernels.x86;

/**
 * What the operands of a vector instruction may be, from the processor manual.
 *
 * @param evexName    what the AVX-512 form is called
 * @param widths      of the operation in bytes
 * @param target      bytes of the target register
 * @param source      bytes of the last source register
 * @param vex         whether there is a form without AVX-512
 * @param evex        whether there is a form of AVX-512
 * @param masks       whether that form takes masks
 * @param broadcasts  whether that form broadcasts elements of four bytes
 */
record VectorShape(String evexName, int[] widths, Part target, Part source, boolean vex, boolean evex, boolean masks, boolean broadcasts) {

    /** The width of one operand. */
    enum Part {
        WHOLE, HALF, QUARTER, SIXTEEN;

        int bytes(int width) {
            return switch (this) {
                case WHOLE -> width;
                case HALF -> Math.max(16, width / 2);
                case QUARTER -> Math.max(16, width / 4);
                case SIXTEEN -> 16;
            };
        }
    }

    static VectorShape of(String name) {
        VectorShape all = new VectorShape(name, new int[] {16, 32, 64}, Part.WHOLE, Part.WHOLE, true, true, true, true);
        return switch (name) {
            case "vpand", "vpandn", "vpor", "vpxor" -> all.named(name + "d");
            case "vroundps" -> all.named("vrndscaleps");
            case "vpaddw", "vpaddb", "vpsubb", "vpabsb", "vpmaxsb", "vpmaddubsw", "vpmaddwd", "vpacksswb", "vpshufb", "vpunpcklbw", "vpunpckhbw",
                 "vpunpcklwd", "vpunpckhwd", "vmovups", "vpsrlw", "vpsllw" -> all.withoutBroadcast();
            case "vpermw" -> all.withoutBroadcast().evexOnly();
            case "vpermq" -> all.withoutBroadcast().ofWidths(32, 64);
            case "vpermps", "vpermd" -> all.ofWidths(32, 64);
            case "vshuff32x4" -> all.ofWidths(32, 64).evexOnly();
            case "vpternlogd", "vdpbf16ps", "vcvtne2ps2bf16" -> all.evexOnly();
            case "vpsignb", "vcmpps", "vblendvps", "vmaskmovps" -> all.vexOnly();
            case "vperm2f128" -> all.ofWidths(32).vexOnly();
            case "vaddss", "vmulss", "vdivss", "vmaxss", "vsqrtss", "vmovss" -> all.ofWidths(16).withoutBroadcast();
            case "vmovd", "vucomiss" -> all.ofWidths(16).withoutBroadcast().withoutMasks();
            case "vbroadcastss", "vpbroadcastd" -> all.withoutBroadcast().parts(Part.WHOLE, Part.SIXTEEN);
            case "vbroadcasti128" -> all.named("vbroadcasti32x4").ofWidths(32, 64).withoutBroadcast();
            case "vcvtph2ps", "vpmovzxwd", "vpmovsxbw", "vpmovzxbw" -> all.withoutBroadcast().parts(Part.WHOLE, Part.HALF);
            case "vpmovzxbd", "vpmovsxbd" -> all.withoutBroadcast().parts(Part.WHOLE, Part.QUARTER);
            case "vcvtps2ph" -> all.withoutBroadcast().parts(Part.HALF, Part.WHOLE);
            case "vcvtneps2bf16", "vpmovdw" -> all.withoutBroadcast().evexOnly().parts(Part.HALF, Part.WHOLE);
            case "vpmovdb" -> all.withoutBroadcast().evexOnly().parts(Part.QUARTER, Part.WHOLE);
            case "vextractf128" -> all.named("vextractf32x4").ofWidths(32, 64).withoutBroadcast().parts(Part.SIXTEEN, Part.WHOLE);
            case "vextractf64x4" -> all.ofWidths(64).withoutBroadcast().evexOnly().parts(Part.HALF, Part.WHOLE);
            case "vinsertf64x4" -> all.ofWidths(64).withoutBroadcast().evexOnly().parts(Part.WHOLE, Part.HALF);
            default -> all;
        };
    }

    private VectorShape named(String otherName) {
        return new VectorShape(otherName, widths, target, source, vex, evex, masks, broadcasts);
    }

    private VectorShape ofWidths(int... others) {
        return new VectorShape(evexName, others, target, source, vex, evex, masks, broadcasts);
    }

    private VectorShape parts(Part ofTarget, Part ofSource) {
        return new VectorShape(evexName, widths, ofTarget, ofSource, vex, evex, masks, broadcasts);
    }

    private VectorShape vexOnly() {
        return new VectorShape(evexName, widths.length == 3 ? new int[] {16, 32} : widths, target, source, true, false, false, false);
    }

    private VectorShape evexOnly() {
        return new VectorShape(evexName, widths, target, source, false, true, masks, broadcasts);
    }

    private VectorShape withoutMasks() {
        return new VectorShape(evexName, widths, target, source, vex, evex, false, broadcasts);
    }

    private VectorShape withoutBroadcast() {
        return new VectorShape(evexName, widths, target, source, vex, evex, masks, false);
    }
}
