package dev.ondine.kernels.x86;

import static dev.ondine.kernels.x86.VectorOp.*;

/**
 * Vector instructions of AVX2, F16C, FMA, AVX-VNNI and AVX-512, named as in the processor manual. Operand order is Intel's:
 * destination first. The width of the destination is the width of the operation.
 */
class VectorInstructions extends VectorEncoding {
    public void vaddps(Vec target, Vec a, VecOrMem b) {
        encode(VADDPS, target, target.index(), a.index(), b);
    }

    public void vsubps(Vec target, Vec a, VecOrMem b) {
        encode(VSUBPS, target, target.index(), a.index(), b);
    }

    public void vmulps(Vec target, Vec a, VecOrMem b) {
        encode(VMULPS, target, target.index(), a.index(), b);
    }

    public void vdivps(Vec target, Vec a, VecOrMem b) {
        encode(VDIVPS, target, target.index(), a.index(), b);
    }

    public void vmaxps(Vec target, Vec a, VecOrMem b) {
        encode(VMAXPS, target, target.index(), a.index(), b);
    }

    public void vminps(Vec target, Vec a, VecOrMem b) {
        encode(VMINPS, target, target.index(), a.index(), b);
    }

    public void vaddss(Vec target, Vec a, VecOrMem b) {
        encode(VADDSS, target, target.index(), a.index(), b);
    }

    public void vmulss(Vec target, Vec a, VecOrMem b) {
        encode(VMULSS, target, target.index(), a.index(), b);
    }

    public void vdivss(Vec target, Vec a, VecOrMem b) {
        encode(VDIVSS, target, target.index(), a.index(), b);
    }

    public void vmaxss(Vec target, Vec a, VecOrMem b) {
        encode(VMAXSS, target, target.index(), a.index(), b);
    }

    /** target += a · b. */
    public void vfmadd231ps(Vec target, Vec a, VecOrMem b) {
        encode(VFMADD231PS, target, target.index(), a.index(), b);
    }

    /** target = a · target + b. */
    public void vfmadd213ps(Vec target, Vec a, VecOrMem b) {
        encode(VFMADD213PS, target, target.index(), a.index(), b);
    }

    /** target -= a · b. */
    public void vfnmadd231ps(Vec target, Vec a, VecOrMem b) {
        encode(VFNMADD231PS, target, target.index(), a.index(), b);
    }

    /** target = b - a · target. */
    public void vfnmadd213ps(Vec target, Vec a, VecOrMem b) {
        encode(VFNMADD213PS, target, target.index(), a.index(), b);
    }

    /** target = a · target - b in even lanes, + b in odd ones. */
    public void vfmaddsub213ps(Vec target, Vec a, VecOrMem b) {
        encode(VFMADDSUB213PS, target, target.index(), a.index(), b);
    }

    public void vpaddd(Vec target, Vec a, VecOrMem b) {
        encode(VPADDD, target, target.index(), a.index(), b);
    }

    public void vpsubd(Vec target, Vec a, VecOrMem b) {
        encode(VPSUBD, target, target.index(), a.index(), b);
    }

    public void vpmulld(Vec target, Vec a, VecOrMem b) {
        encode(VPMULLD, target, target.index(), a.index(), b);
    }

    public void vpand(Vec target, Vec a, VecOrMem b) {
        encode(VPAND, target, target.index(), a.index(), b);
    }

    /** target = ~a & b. */
    public void vpandn(Vec target, Vec a, VecOrMem b) {
        encode(VPANDN, target, target.index(), a.index(), b);
    }

    public void vpor(Vec target, Vec a, VecOrMem b) {
        encode(VPOR, target, target.index(), a.index(), b);
    }

    public void vpxor(Vec target, Vec a, VecOrMem b) {
        encode(VPXOR, target, target.index(), a.index(), b);
    }

    public void vpaddw(Vec target, Vec a, VecOrMem b) {
        encode(VPADDW, target, target.index(), a.index(), b);
    }

    public void vpaddb(Vec target, Vec a, VecOrMem b) {
        encode(VPADDB, target, target.index(), a.index(), b);
    }

    public void vpsubb(Vec target, Vec a, VecOrMem b) {
        encode(VPSUBB, target, target.index(), a.index(), b);
    }

    /** a with the sign of b, byte by byte; 0 where b is 0. */
    public void vpsignb(Vec target, Vec a, VecOrMem b) {
        encode(VPSIGNB, target, target.index(), a.index(), b);
    }

    public void vpmaxsd(Vec target, Vec a, VecOrMem b) {
        encode(VPMAXSD, target, target.index(), a.index(), b);
    }

    public void vpminsd(Vec target, Vec a, VecOrMem b) {
        encode(VPMINSD, target, target.index(), a.index(), b);
    }

    public void vpmaxsb(Vec target, Vec a, VecOrMem b) {
        encode(VPMAXSB, target, target.index(), a.index(), b);
    }

    /** 16-bit sums, saturated, of two products of unsigned bytes of a and signed bytes of b. */
    public void vpmaddubsw(Vec target, Vec a, VecOrMem b) {
        encode(VPMADDUBSW, target, target.index(), a.index(), b);
    }

    public void vpmaddwd(Vec target, Vec a, VecOrMem b) {
        encode(VPMADDWD, target, target.index(), a.index(), b);
    }

    /** target += four products of unsigned bytes of a and signed bytes of b, lane by lane; AVX-VNNI, or AVX-512 VNNI for zmm. */
    public void vpdpbusd(Vec target, Vec a, VecOrMem b) {
        encode(VPDPBUSD, target, target.index(), a.index(), b);
    }

    public void vpdpwssd(Vec target, Vec a, VecOrMem b) {
        encode(VPDPWSSD, target, target.index(), a.index(), b);
    }

    /** target += two products of bfloat16 pairs of a and b. */
    public void vdpbf16ps(Vec target, Vec a, VecOrMem b) {
        encode(VDPBF16PS, target, target.index(), a.index(), b);
    }

    /** bfloat16 of b in the lower half, of a in the upper. */
    public void vcvtne2ps2bf16(Vec target, Vec a, VecOrMem b) {
        encode(VCVTNE2PS2BF16, target, target.index(), a.index(), b);
    }

    public void vpackssdw(Vec target, Vec a, VecOrMem b) {
        encode(VPACKSSDW, target, target.index(), a.index(), b);
    }

    public void vpacksswb(Vec target, Vec a, VecOrMem b) {
        encode(VPACKSSWB, target, target.index(), a.index(), b);
    }

    public void vpshufb(Vec target, Vec a, VecOrMem b) {
        encode(VPSHUFB, target, target.index(), a.index(), b);
    }

    /** target[i] = b[a[i]]. */
    public void vpermps(Vec target, Vec a, VecOrMem b) {
        encode(VPERMPS, target, target.index(), a.index(), b);
    }

    /** target[i] = b[a[i]]. */
    public void vpermd(Vec target, Vec a, VecOrMem b) {
        encode(VPERMD, target, target.index(), a.index(), b);
    }

    /** target[i] = b[a[i]], 16-bit lanes. */
    public void vpermw(Vec target, Vec a, VecOrMem b) {
        encode(VPERMW, target, target.index(), a.index(), b);
    }

    public void vpunpcklbw(Vec target, Vec a, VecOrMem b) {
        encode(VPUNPCKLBW, target, target.index(), a.index(), b);
    }

    public void vpunpckhbw(Vec target, Vec a, VecOrMem b) {
        encode(VPUNPCKHBW, target, target.index(), a.index(), b);
    }

    public void vpunpcklwd(Vec target, Vec a, VecOrMem b) {
        encode(VPUNPCKLWD, target, target.index(), a.index(), b);
    }

    public void vpunpckhwd(Vec target, Vec a, VecOrMem b) {
        encode(VPUNPCKHWD, target, target.index(), a.index(), b);
    }

    public void vunpcklps(Vec target, Vec a, VecOrMem b) {
        encode(VUNPCKLPS, target, target.index(), a.index(), b);
    }

    public void vunpckhps(Vec target, Vec a, VecOrMem b) {
        encode(VUNPCKHPS, target, target.index(), a.index(), b);
    }

    public void vbroadcastss(Vec target, VecOrMem source) {
        encode(VBROADCASTSS, target, target.index(), 0, source);
    }

    public void vpbroadcastd(Vec target, VecOrMem source) {
        encode(VPBROADCASTD, target, target.index(), 0, source);
    }

    public void vsqrtps(Vec target, VecOrMem source) {
        encode(VSQRTPS, target, target.index(), 0, source);
    }

    public void vpabsd(Vec target, VecOrMem source) {
        encode(VPABSD, target, target.index(), 0, source);
    }

    public void vpabsb(Vec target, VecOrMem source) {
        encode(VPABSB, target, target.index(), 0, source);
    }

    public void vcvtdq2ps(Vec target, VecOrMem source) {
        encode(VCVTDQ2PS, target, target.index(), 0, source);
    }

    public void vcvtps2dq(Vec target, VecOrMem source) {
        encode(VCVTPS2DQ, target, target.index(), 0, source);
    }

    public void vcvtph2ps(Vec target, VecOrMem source) {
        encode(VCVTPH2PS, target, target.index(), 0, source);
    }

    public void vpmovzxbd(Vec target, VecOrMem source) {
        encode(VPMOVZXBD, target, target.index(), 0, source);
    }

    public void vpmovsxbd(Vec target, VecOrMem source) {
        encode(VPMOVSXBD, target, target.index(), 0, source);
    }

    public void vpmovzxwd(Vec target, VecOrMem source) {
        encode(VPMOVZXWD, target, target.index(), 0, source);
    }

    public void vpmovsxbw(Vec target, VecOrMem source) {
        encode(VPMOVSXBW, target, target.index(), 0, source);
    }

    public void vpmovzxbw(Vec target, VecOrMem source) {
        encode(VPMOVZXBW, target, target.index(), 0, source);
    }

    /** Any function of three bits: bit (target, a, b) of the table gives the result. */
    public void vpternlogd(Vec target, Vec a, VecOrMem b, int table) {
        encode(VPTERNLOGD, target, target.index(), a.index(), b);
        put(table);
    }

    public void vshufps(Vec target, Vec a, VecOrMem b, int control) {
        encode(VSHUFPS, target, target.index(), a.index(), b);
        put(control);
    }

    public void vperm2f128(Vec target, Vec a, VecOrMem b, int control) {
        encode(VPERM2F128, target, target.index(), a.index(), b);
        put(control);
    }

    public void vshuff32x4(Vec target, Vec a, VecOrMem b, int control) {
        encode(VSHUFF32X4, target, target.index(), a.index(), b);
        put(control);
    }

    public void vpshufd(Vec target, VecOrMem source, int control) {
        encode(VPSHUFD, target, target.index(), 0, source);
        put(control);
    }

    public void vpermilps(Vec target, VecOrMem source, int control) {
        encode(VPERMILPS, target, target.index(), 0, source);
        put(control);
    }

    public void vpermq(Vec target, VecOrMem source, int control) {
        encode(VPERMQ, target, target.index(), 0, source);
        put(control);
    }

    /** Rounds to whole numbers; control 0 to nearest even, 1 down. */
    public void vroundps(Vec target, VecOrMem source, int control) {
        encode(VROUNDPS, target, target.index(), 0, source);
        put(control);
    }

    public void vpsrld(Vec target, Vec source, int bits) {
        encode(VPSRLD, target, 2, target.index(), source);
        put(bits);
    }

    public void vpslld(Vec target, Vec source, int bits) {
        encode(VPSLLD, target, 6, target.index(), source);
        put(bits);
    }

    public void vpsrad(Vec target, Vec source, int bits) {
        encode(VPSRAD, target, 4, target.index(), source);
        put(bits);
    }

    public void vpsrlw(Vec target, Vec source, int bits) {
        encode(VPSRLW, target, 2, target.index(), source);
        put(bits);
    }

    public void vpsllw(Vec target, Vec source, int bits) {
        encode(VPSLLW, target, 6, target.index(), source);
        put(bits);
    }

    /** Loads or copies a vector. */
    public void vmovups(Vec target, VecOrMem source) {
        encode(LOAD_UPS, target, target.index(), 0, source);
    }

    /** Stores a vector; its mask says which lanes. */
    public void vmovups(Mem target, Vec source) {
        encodeFrom(STORE_UPS, source, target);
    }

    public void vmovss(Vec target, Mem source) {
        encode(LOAD_SS, target, target.index(), 0, source);
    }

    public void vmovss(Mem target, Vec source) {
        encodeFrom(STORE_SS, source, target);
    }

    public void vmovd(Vec target, Gpr source) {
        encode(VMOVD_TO, target, source);
    }

    public void vmovd(Gpr target, Vec source) {
        encode(VMOVD_FROM, source, target);
    }

    /** The lower 32 bits of a register in every lane; AVX-512. */
    public void vpbroadcastd(Vec target, Gpr source) {
        encode(VPBROADCASTD_GPR, target, source);
    }

    /** 16 bytes in every 128-bit lane of a ymm or zmm register. */
    public void vbroadcasti128(Vec target, Mem source) {
        encode(VBROADCASTI128, target, target.index(), 0, source);
    }

    /** Part 0 or 1 of a ymm, 0 to 3 of a zmm register. */
    public void vextractf128(Vec target, Vec source, int part) {
        encodeFrom(VEXTRACTF128, source, target);
        put(part);
    }

    /** The lower or upper half of a zmm register. */
    public void vextractf64x4(Vec target, Vec source, int half) {
        encodeFrom(VEXTRACTF64X4, source, target);
        put(half);
    }

    /** a with one half replaced by b. */
    public void vinsertf64x4(Vec target, Vec a, VecOrMem b, int half) {
        encode(VINSERTF64X4, target, target.index(), a.index(), b);
        put(half);
    }

    /** Half-precision numbers, rounded to nearest even; the target is half as wide as the source. */
    public void vcvtps2ph(VecOrMem target, Vec source) {
        encodeFrom(VCVTPS2PH, source, target);
        put(0);
    }

    /** bfloat16, rounded to nearest even; the target is half as wide as the source. */
    public void vcvtneps2bf16(Vec target, Vec source) {
        encode(VCVTNEPS2BF16, source.masked(target), target.index(), 0, source);
    }

    /** The lowest byte of each 32-bit lane. */
    public void vpmovdb(VecOrMem target, Vec source) {
        encodeFrom(VPMOVDB, source, target);
    }

    /** The lower half of each 32-bit lane. */
    public void vpmovdw(VecOrMem target, Vec source) {
        encodeFrom(VPMOVDW, source, target);
    }

    /** Compares the lowest lanes; a NaN counts as equal to anything. */
    public void vucomiss(Vec a, VecOrMem b) {
        encode(VUCOMISS, a, a.index(), 0, b);
    }

    public void vsqrtss(Vec target, Vec a, VecOrMem b) {
        encode(VSQRTSS, target, target.index(), a.index(), b);
    }

    /** All ones in the lanes where the comparison holds; predicates as in the manual, e.g. 1 for a &lt; b. AVX only. */
    public void vcmpps(Vec target, Vec a, VecOrMem b, int predicate) {
        encode(VCMPPS, target, target.index(), a.index(), b);
        put(predicate);
    }

    /** b where the choice's sign bit is set, else a. AVX only. */
    public void vblendvps(Vec target, Vec a, VecOrMem b, Vec choice) {
        encode(VBLENDVPS, target, target.index(), a.index(), b);
        put(choice.index() << 4);
    }

    /** Loads the lanes whose mask has the sign bit set, the others become zero; nothing outside them is touched. AVX only. */
    public void vmaskmovps(Vec target, Vec mask, Mem source) {
        encode(VMASKMOVPS_LOAD, target, target.index(), mask.index(), source);
    }

    /** Stores the lanes whose mask has the sign bit set. AVX only. */
    public void vmaskmovps(Mem target, Vec mask, Vec source) {
        encode(VMASKMOVPS_STORE, source, source.index(), mask.index(), target);
    }

    /** The lower 32 bits of the source without those from bit {@code count} on, a register's lowest byte; the upper ones are cleared. */
    public void bzhi32(Gpr target, Gpr source, Gpr count) {
        vexPrefix(0, 2, 0, 0, target.ordinal(), count.ordinal(), Vec.xmm(source.ordinal()));
        put(0xF5);
        modRmRegister(target.ordinal(), source.ordinal());
    }

    /** Opmask k{@code mask} = the lower 32 bits of a register. */
    public void kmovd(int mask, Gpr source) {
        vexPrefix(3, 1, 0, 0, mask, 0, Vec.xmm(source.ordinal()));
        put(0x92);
        modRmRegister(mask, source.ordinal());
    }

    /** Clears the upper halves of all vector registers, as the calling convention demands before a return. */
    public void vzeroupper() {
        put(0xC5, 0xF8, 0x77);
    }
}
