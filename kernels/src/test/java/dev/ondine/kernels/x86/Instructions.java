package dev.ondine.kernels.x86;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Calls every method of the assembler with every operand that is encoded in its own way, and writes the same as text. */
final class Instructions {

    /** Methods of the assembler that append no instruction. */
    private static final Set<String> OTHERS = Set.of("toBytes", "size", "place");

    private Instructions() {
    }

    /** The methods that append an instruction, in a fixed order. */
    static List<Method> methods() {
        return Arrays.stream(Assembler.class.getMethods())
                .filter(method -> method.getDeclaringClass() != Object.class && !Modifier.isStatic(method.getModifiers()))
                .filter(method -> !OTHERS.contains(method.getName()))
                .collect(Collectors.toMap(Instructions::signature, method -> method, (one, bridge) -> one)).values().stream()
                .sorted(Comparator.comparing(Instructions::signature)).toList();
    }

    static String signature(Method method) {
        return method.getName() + Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName)
                .collect(Collectors.joining(", ", "(", ")"));
    }

    static List<Instruction> of(Method method) {
        List<Class<?>> types = List.of(method.getParameterTypes());
        if (types.contains(Label.class)) {
            return jumps(method);
        }
        if (types.contains(Vec.class) || types.contains(VecOrMem.class)) {
            return vectorInstructions(method);
        }
        List<List<?>> choices = Arrays.stream(method.getParameterTypes()).<List<?>>map(type -> generalChoices(method, type)).toList();
        return combinations(choices).stream().map(operands -> made(method, GeneralText.of(method.getName(), operands), operands)).toList();
    }

    private static List<?> generalChoices(Method method, Class<?> type) {
        if (type == Gpr.class) {
            return Operands.GPRS;
        }
        if (type == Mem.class) {
            return method.getName().startsWith("tile") ? Operands.INDEXED_ADDRESSES : Operands.ADDRESSES;
        }
        if (type == Tmm.class) {
            return Operands.TILES;
        }
        if (type == long.class) {
            return Operands.LONG_NUMBERS;
        }
        if (type == int.class) {
            return switch (method.getName()) {
                case "shl", "shr" -> Operands.SHIFTS;
                case "kmovd" -> Operands.MASKS;
                default -> Operands.NUMBERS;
            };
        }
        throw new IllegalArgumentException("no operands of " + type + " are known for " + method);
    }

    /** To itself, backwards over another jump, and forwards. */
    private static List<Instruction> jumps(Method method) {
        List<Instruction> jumps = new ArrayList<>();
        List<?> conditions = method.getParameterCount() == 1 ? List.of("") : List.of(Condition.values());
        for (Object condition : conditions) {
            String name = condition instanceof Condition known ? "j" + GeneralText.suffix(known) : "jmp";
            Assembler back = new Assembler();
            Label start = new Label();
            back.place(start);
            call(method, back, operands(condition, start));
            jumps.add(new Instruction(signature(method), "{disp32} " + name + " .", back.toBytes()));
            Assembler forth = new Assembler();
            Label end = new Label();
            call(method, forth, operands(condition, end));
            forth.ret();
            forth.place(end);
            jumps.add(new Instruction(signature(method), "{disp32} " + name + " 1f; ret; 1:", forth.toBytes()));
        }
        return jumps;
    }

    private static List<Object> operands(Object condition, Label label) {
        return condition instanceof Condition ? List.of(condition, label) : List.of(label);
    }

    private static List<Instruction> vectorInstructions(Method method) {
        VectorShape shape = VectorShape.of(method.getName());
        List<Instruction> made = new ArrayList<>();
        for (int width : shape.widths()) {
            for (boolean evex : new boolean[] {false, true}) {
                if (evex ? shape.evex() : shape.vex() && width < 64) {
                    VectorOperands operands = new VectorOperands(method, shape, width, evex);
                    for (List<Object> chosen : combinations(operands.choices())) {
                        made.add(made(method, operands.text(chosen), chosen));
                    }
                }
            }
        }
        return made;
    }

    /** Not all with all: every choice of each operand, beside choices of the others that move on at different paces. */
    private static List<List<Object>> combinations(List<? extends List<?>> choices) {
        if (choices.isEmpty()) {
            return List.of(List.of());
        }
        int most = choices.stream().mapToInt(List::size).max().orElseThrow();
        List<List<Object>> combinations = new ArrayList<>();
        for (int i = 0; i < Math.max(most, choices.size() > 1 ? 48 : 1); i++) {
            List<Object> chosen = new ArrayList<>();
            for (int operand = 0; operand < choices.size(); operand++) {
                List<?> all = choices.get(operand);
                int pace = all.size() == most || gcd(all.size(), 2 * operand + 1) > 1 ? 1 : 2 * operand + 1;
                chosen.add(all.get((i * pace + operand * 5 + i / most) % all.size()));
            }
            combinations.add(chosen);
        }
        return combinations;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    private static Instruction made(Method method, String text, List<Object> operands) {
        Assembler assembler = new Assembler();
        call(method, assembler, operands);
        return new Instruction(signature(method), text, assembler.toBytes());
    }

    private static void call(Method method, Assembler assembler, List<Object> operands) {
        try {
            method.invoke(assembler, operands.toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(signature(method) + " with " + operands, e);
        }
    }

    static Stream<Instruction> all() {
        return methods().stream().flatMap(method -> of(method).stream());
    }
}
