package dev.ondine.kernels.x86;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Instructions on general registers and tiles as text. */
final class GeneralText {

    private GeneralText() {
    }

    static String of(String method, List<Object> operands) {
        return switch (method) {
            case "mov" -> operands.get(1) instanceof Long value ? movOfNumber((Gpr) operands.getFirst(), value) : plain("mov", operands);
            case "mov32" -> plain("mov", operands.stream().map(GeneralText::as32).toList());
            case "bzhi32" -> plain("bzhi", operands.stream().map(GeneralText::as32).toList());
            case "mov16" -> plain("mov", operands.stream().map(GeneralText::as16).toList());
            case "movzx16" -> "movzx " + as32(operands.get(0)) + ", word ptr " + operands.get(1);
            case "movzx8" -> "movzx " + as32(operands.get(0)) + ", byte ptr " + operands.get(1);
            case "kmovd" -> "kmovd k" + operands.get(0) + ", " + as32(operands.get(1));
            default -> plain(method, operands);
        };
    }

    private static String plain(String name, List<?> operands) {
        return name + operands.stream().map(Object::toString).collect(Collectors.joining(", ", operands.isEmpty() ? "" : " ", ""));
    }

    /** A 32-bit register where the upper half becomes zero, a sign-extended number, or all 64 bits. */
    private static String movOfNumber(Gpr target, long value) {
        boolean fits32 = value >= 0 && value <= 0xffff_ffffL;
        boolean extends32 = value < 0 && value >= Integer.MIN_VALUE;
        return (fits32 || extends32 ? "mov " : "movabs ") + (fits32 ? as32(target) : target) + ", " + value;
    }

    /** The name of the lower half. */
    static Object as32(Object operand) {
        return operand instanceof Gpr register ? register.ordinal() < 8 ? "e" + register.toString().substring(1) : register + "d" : operand;
    }

    private static Object as16(Object operand) {
        return operand instanceof Gpr register ? register.ordinal() < 8 ? register.toString().substring(1) : register + "w" : operand;
    }

    static String suffix(Condition condition) {
        return switch (condition) {
            case ABOVE_OR_EQUAL -> "ae";
            case NOT_EQUAL -> "ne";
            case BELOW_OR_EQUAL -> "be";
            case GREATER_OR_EQUAL -> "ge";
            case LESS_OR_EQUAL -> "le";
            case BELOW, EQUAL, ABOVE, LESS, GREATER -> condition.name().substring(0, 1).toLowerCase(Locale.ROOT);
        };
    }
}
