package dev.ondine.kernels.x86;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The operands of one vector instruction, with or without AVX-512, and their text. */
final class VectorOperands {

    private final Method method;
    private final VectorShape shape;
    private final int width;
    private final boolean evex;

    VectorOperands(Method method, VectorShape shape, int width, boolean evex) {
        this.method = method;
        this.shape = shape;
        this.width = width;
        this.evex = evex;
    }

    /** One list for each parameter. */
    List<List<?>> choices() {
        Class<?>[] types = method.getParameterTypes();
        List<List<?>> choices = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            choices.add(choices(i, types[i]));
        }
        return choices;
    }

    private List<?> choices(int position, Class<?> type) {
        if (type == Gpr.class) {
            return Operands.GPRS;
        }
        if (type == int.class) {
            return Operands.CONTROL_BYTES;
        }
        if (type == Mem.class) {
            return Operands.ADDRESSES;
        }
        List<Vec> registers = registers(position);
        if (type == Vec.class) {
            return registers;
        }
        List<Object> either = new ArrayList<>(Operands.ADDRESSES);
        // Evenly mixed, so that each meets all values of the other operands.
        for (int i = 0; i < registers.size(); i++) {
            either.add(i * 2, registers.get(i));
        }
        if (evex && shape.broadcasts()) {
            Operands.ADDRESSES.forEach(address -> either.add(address.toAll()));
        }
        return either;
    }

    private List<Vec> registers(int position) {
        List<Vec> registers = Operands.vectors(bytes(position), evex ? 32 : 16);
        if (!evex || !shape.masks()) {
            return registers;
        }
        if (position == 0) {
            return Operands.masked(registers, true);
        }
        boolean stored = position == 1 && method.getParameterTypes()[0] == Mem.class;
        return stored ? Operands.masked(registers, false) : registers;
    }

    private int bytes(int position) {
        if (position == 0) {
            return shape.target().bytes(width);
        }
        return position == lastVector() ? shape.source().bytes(width) : width;
    }

    private int lastVector() {
        Class<?>[] types = method.getParameterTypes();
        int last = 0;
        for (int i = 0; i < types.length; i++) {
            if (types[i] == Vec.class || types[i] == VecOrMem.class) {
                last = i;
            }
        }
        return last;
    }

    /** The text that demands the encoding which the assembler should choose: VEX wherever it can say the same. */
    String text(List<Object> operands) {
        boolean asEvex = !shape.vex() || operands.stream().anyMatch(VectorOperands::needsEvex);
        String name = asEvex ? shape.evexName() : method.getName();
        return prefix(operands, asEvex) + name + " " + operands.stream().map(operand -> text(operand, operands)).collect(Collectors.joining(", "))
                + (name.equals("vcvtps2ph") ? ", 0" : "");
    }

    private static boolean needsEvex(Object operand) {
        return switch (operand) {
            case Vec vec -> vec.bytes() == 64 || vec.index() > 15 || vec.mask() != 0;
            case Mem mem -> mem.broadcast();
            default -> false;
        };
    }

    /** Binutils prefer AVX-512 for what AVX-VNNI has too, and a store where that makes a copy shorter. */
    private String prefix(List<Object> operands, boolean asEvex) {
        boolean newInVex = method.getName().equals("vpdpbusd") || method.getName().equals("vpdpwssd");
        boolean copy = method.getName().equals("vmovups") && operands.stream().allMatch(Vec.class::isInstance);
        return (newInVex && !asEvex ? "{vex} " : "") + (copy ? "{load} " : "");
    }

    private String text(Object operand, List<Object> operands) {
        if (operand instanceof Gpr) {
            return GeneralText.as32(operand).toString();
        }
        if (operand instanceof Mem mem) {
            boolean stored = operands.getFirst() == operand && operands.getLast() instanceof Vec vec && vec.mask() != 0;
            return mem + (mem.broadcast() ? "{1to" + width / 4 + "}" : "") + (stored ? "{k" + ((Vec) operands.getLast()).mask() + "}" : "");
        }
        boolean storedFrom = operands.getFirst() instanceof Mem && operand instanceof Vec;
        return storedFrom ? ((Vec) operand).merged(0).toString() : operand.toString();
    }
}
