package dev.ondine.kernels.x86;

/**
 * How each vector instruction is encoded: one line of the processor manual's opcode tables.
 *
 * @see <a href="https://www.intel.com/content/www/us/en/developer/articles/technical/intel-sdm.html">Intel SDM, volume 2</a>
 */
enum VectorOp {
    // Moves and broadcasts.
    LOAD_UPS(0, 1, 0x10, Unit.VECTOR), STORE_UPS(0, 1, 0x11, Unit.VECTOR),
    LOAD_SS(2, 1, 0x10, Unit.FOUR), STORE_SS(2, 1, 0x11, Unit.FOUR),
    VMOVD_TO(1, 1, 0x6E, Unit.FOUR), VMOVD_FROM(1, 1, 0x7E, Unit.FOUR),
    VBROADCASTSS(1, 2, 0x18, Unit.FOUR), VPBROADCASTD(1, 2, 0x58, Unit.FOUR),
    VPBROADCASTD_GPR(1, 2, 0x7C, Form.EVEX, 0, Unit.FOUR),
    VBROADCASTI128(1, 2, 0x5A, Unit.SIXTEEN),
    VEXTRACTF128(1, 3, 0x19, Unit.SIXTEEN), VEXTRACTF64X4(1, 3, 0x1B, Form.EVEX, 1, Unit.THIRTY_TWO),
    VINSERTF64X4(1, 3, 0x1A, Form.EVEX, 1, Unit.THIRTY_TWO),
    // Float arithmetic.
    VADDPS(0, 1, 0x58, Unit.ELEMENTS), VSUBPS(0, 1, 0x5C, Unit.ELEMENTS), VMULPS(0, 1, 0x59, Unit.ELEMENTS),
    VDIVPS(0, 1, 0x5E, Unit.ELEMENTS), VMAXPS(0, 1, 0x5F, Unit.ELEMENTS), VMINPS(0, 1, 0x5D, Unit.ELEMENTS),
    VSQRTPS(0, 1, 0x51, Unit.ELEMENTS),
    VADDSS(2, 1, 0x58, Unit.FOUR), VMULSS(2, 1, 0x59, Unit.FOUR), VDIVSS(2, 1, 0x5E, Unit.FOUR), VSQRTSS(2, 1, 0x51, Unit.FOUR),
    VMAXSS(2, 1, 0x5F, Unit.FOUR), VUCOMISS(0, 1, 0x2E, Unit.FOUR),
    VFMADD231PS(1, 2, 0xB8, Unit.ELEMENTS), VFMADD213PS(1, 2, 0xA8, Unit.ELEMENTS), VFNMADD231PS(1, 2, 0xBC, Unit.ELEMENTS),
    VFNMADD213PS(1, 2, 0xAC, Unit.ELEMENTS), VFMADDSUB213PS(1, 2, 0xA6, Unit.ELEMENTS),
    VROUNDPS(1, 3, 0x08, Unit.ELEMENTS),
    // Whole numbers and bits.
    VPADDD(1, 1, 0xFE, Unit.ELEMENTS), VPSUBD(1, 1, 0xFA, Unit.ELEMENTS), VPMULLD(1, 2, 0x40, Unit.ELEMENTS),
    VPAND(1, 1, 0xDB, Unit.ELEMENTS), VPANDN(1, 1, 0xDF, Unit.ELEMENTS), VPOR(1, 1, 0xEB, Unit.ELEMENTS), VPXOR(1, 1, 0xEF, Unit.ELEMENTS),
    VPADDW(1, 1, 0xFD, Unit.VECTOR), VPADDB(1, 1, 0xFC, Unit.VECTOR), VPSUBB(1, 1, 0xF8, Unit.VECTOR),
    VPABSD(1, 2, 0x1E, Unit.ELEMENTS), VPABSB(1, 2, 0x1C, Unit.VECTOR), VPSIGNB(1, 2, 0x08, Form.VEX, 0, Unit.VECTOR),
    VPMAXSD(1, 2, 0x3D, Unit.ELEMENTS), VPMINSD(1, 2, 0x39, Unit.ELEMENTS), VPMAXSB(1, 2, 0x3C, Unit.VECTOR),
    VPSRLD(1, 1, 0x72, Unit.ELEMENTS), VPSLLD(1, 1, 0x72, Unit.ELEMENTS), VPSRAD(1, 1, 0x72, Unit.ELEMENTS),
    VPSRLW(1, 1, 0x71, Unit.VECTOR), VPSLLW(1, 1, 0x71, Unit.VECTOR),
    VPTERNLOGD(1, 3, 0x25, Form.EVEX, 0, Unit.ELEMENTS),
    // Dot products.
    VPMADDUBSW(1, 2, 0x04, Unit.VECTOR), VPMADDWD(1, 1, 0xF5, Unit.VECTOR),
    VPDPBUSD(1, 2, 0x50, Unit.ELEMENTS), VPDPWSSD(1, 2, 0x52, Unit.ELEMENTS),
    VDPBF16PS(2, 2, 0x52, Form.EVEX, 0, Unit.ELEMENTS),
    // Conversions.
    VCVTDQ2PS(0, 1, 0x5B, Unit.ELEMENTS), VCVTPS2DQ(1, 1, 0x5B, Unit.ELEMENTS),
    VCVTPH2PS(1, 2, 0x13, Unit.HALF), VCVTPS2PH(1, 3, 0x1D, Unit.HALF),
    VCVTNE2PS2BF16(3, 2, 0x72, Form.EVEX, 0, Unit.ELEMENTS), VCVTNEPS2BF16(2, 2, 0x72, Form.EVEX, 0, Unit.ELEMENTS),
    VPMOVZXBD(1, 2, 0x31, Unit.QUARTER), VPMOVSXBD(1, 2, 0x21, Unit.QUARTER), VPMOVZXWD(1, 2, 0x33, Unit.HALF),
    VPMOVSXBW(1, 2, 0x20, Unit.HALF), VPMOVZXBW(1, 2, 0x30, Unit.HALF),
    VPMOVDB(2, 2, 0x31, Form.EVEX, 0, Unit.QUARTER), VPMOVDW(2, 2, 0x33, Form.EVEX, 0, Unit.HALF),
    VPACKSSDW(1, 1, 0x6B, Unit.ELEMENTS), VPACKSSWB(1, 1, 0x63, Unit.VECTOR),
    // Shuffles.
    VPSHUFB(1, 2, 0x00, Unit.VECTOR), VPSHUFD(1, 1, 0x70, Unit.ELEMENTS), VSHUFPS(0, 1, 0xC6, Unit.ELEMENTS),
    VPERMILPS(1, 3, 0x04, Unit.ELEMENTS), VPERMPS(1, 2, 0x16, Unit.ELEMENTS), VPERMD(1, 2, 0x36, Unit.ELEMENTS),
    VPERMQ(1, 3, 0x00, Form.BOTH, 1, Unit.VECTOR), VPERMW(1, 2, 0x8D, Form.EVEX, 1, Unit.VECTOR),
    VPERM2F128(1, 3, 0x06, Form.VEX, 0, Unit.VECTOR), VSHUFF32X4(1, 3, 0x23, Form.EVEX, 0, Unit.ELEMENTS),
    VPUNPCKLBW(1, 1, 0x60, Unit.VECTOR), VPUNPCKHBW(1, 1, 0x68, Unit.VECTOR),
    VPUNPCKLWD(1, 1, 0x61, Unit.VECTOR), VPUNPCKHWD(1, 1, 0x69, Unit.VECTOR),
    VUNPCKLPS(0, 1, 0x14, Unit.ELEMENTS), VUNPCKHPS(0, 1, 0x15, Unit.ELEMENTS),
    VCMPPS(0, 1, 0xC2, Form.VEX, 0, Unit.ELEMENTS), VBLENDVPS(1, 3, 0x4A, Form.VEX, 0, Unit.VECTOR),
    VMASKMOVPS_LOAD(1, 2, 0x2C, Form.VEX, 0, Unit.VECTOR), VMASKMOVPS_STORE(1, 2, 0x2E, Form.VEX, 0, Unit.VECTOR);

    /** Bytes that one step of a short displacement stands for. */
    enum Unit {
        /** The whole vector, or one element of four bytes where it is broadcast. */
        ELEMENTS,
        VECTOR, HALF, QUARTER, FOUR, SIXTEEN, THIRTY_TWO;

        int bytes(int vectorBytes, boolean broadcast) {
            return switch (this) {
                case ELEMENTS -> broadcast ? 4 : vectorBytes;
                case VECTOR -> vectorBytes;
                case HALF -> vectorBytes / 2;
                case QUARTER -> vectorBytes / 4;
                case FOUR -> 4;
                case SIXTEEN -> 16;
                case THIRTY_TWO -> 32;
            };
        }
    }

    /** Which encodings exist. */
    enum Form { VEX, EVEX, BOTH }

    /** 0 none, 1 for 66, 2 for F3, 3 for F2. */
    final int prefix;
    /** 1 for 0F, 2 for 0F 38, 3 for 0F 3A. */
    final int map;
    final int opcode;
    final Form form;
    final int w;
    final Unit unit;

    VectorOp(int prefix, int map, int opcode, Unit unit) {
        this(prefix, map, opcode, Form.BOTH, 0, unit);
    }

    VectorOp(int prefix, int map, int opcode, Form form, int w, Unit unit) {
        this.prefix = prefix;
        this.map = map;
        this.opcode = opcode;
        this.form = form;
        this.w = w;
        this.unit = unit;
    }
}
