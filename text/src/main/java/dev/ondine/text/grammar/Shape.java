package dev.ondine.text.grammar;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Values of one type, and the bounds that hold them. A schema is a choice of shapes. */
sealed interface Shape {

    List<Shape> ANY = List.of(new Exactly(null), new Exactly(true), new Exactly(false), Numbers.ANY, Texts.ANY, Lists.ANY, Objects.ANY);

    /** What both shapes allow; null for nothing. Both are of the same type, and neither is {@link Exactly}. */
    Shape and(Shape other);

    /** One value: null, a boolean, string, {@link BigDecimal} without trailing zeros, list or map of such. */
    record Exactly(Object value) implements Shape {

        @Override
        public Shape and(Shape other) {
            throw new UnsupportedOperationException("a value is compared with a shape, not joined");
        }
    }

    /**
     * Numbers.
     *
     * @param low            the lowest, or null
     * @param lowOpen        whether the lowest itself is left out
     * @param fractionDigits how many digits may follow the point; 0 for integers
     */
    record Numbers(BigDecimal low, boolean lowOpen, BigDecimal high, boolean highOpen, int fractionDigits) implements Shape {

        static final Numbers ANY = new Numbers(null, false, null, false, Integer.MAX_VALUE);

        @Override
        public Shape and(Shape other) {
            Numbers both = tightened((Numbers) other);
            return both.isEmpty() ? null : both;
        }

        Numbers tightened(Numbers numbers) {
            boolean lowMine = isTighter(low, lowOpen, numbers.low, numbers.lowOpen, 1);
            boolean highMine = isTighter(high, highOpen, numbers.high, numbers.highOpen, -1);
            return new Numbers(lowMine ? low : numbers.low, lowMine ? lowOpen : numbers.lowOpen, highMine ? high : numbers.high,
                    highMine ? highOpen : numbers.highOpen, Math.min(fractionDigits, numbers.fractionDigits));
        }

        private static boolean isTighter(BigDecimal mine, boolean mineOpen, BigDecimal its, boolean itsOpen, int direction) {
            if (mine == null || its == null) {
                return its == null;
            }
            int order = mine.compareTo(its) * direction;
            return order > 0 || order == 0 && (mineOpen || !itsOpen);
        }

        boolean isEmpty() {
            int order = low == null || high == null ? -1 : low.compareTo(high);
            return order > 0 || order == 0 && (lowOpen || highOpen);
        }

        boolean holds(BigDecimal value) {
            int aboveLow = low == null ? 1 : value.compareTo(low);
            int belowHigh = high == null ? -1 : value.compareTo(high);
            return (aboveLow > 0 || aboveLow == 0 && !lowOpen) && (belowHigh < 0 || belowHigh == 0 && !highOpen)
                    && value.stripTrailingZeros().scale() <= fractionDigits;
        }
    }

    /**
     * Strings.
     *
     * @param min      how many code points at least
     * @param max      how many at most; {@link Integer#MAX_VALUE} for any number
     * @param patterns what else the string must match, all of it
     */
    record Texts(int min, int max, List<TextPattern> patterns) implements Shape {

        static final Texts ANY = new Texts(0, Integer.MAX_VALUE, List.of());

        @Override
        public Shape and(Shape other) {
            Texts texts = (Texts) other;
            int low = Math.max(min, texts.min);
            int high = Math.min(max, texts.max);
            return low > high ? null
                    : new Texts(low, high, Stream.concat(patterns.stream(), texts.patterns.stream()).distinct().toList());
        }
    }

    /**
     * Lists.
     *
     * @param first what the first elements must meet, one by one
     * @param rest  what the other elements must meet
     */
    record Lists(List<AllOf> first, AllOf rest, int min, int max) implements Shape {

        static final Lists ANY = new Lists(List.of(), AllOf.ANYTHING, 0, Integer.MAX_VALUE);

        AllOf element(int index) {
            return index < first.size() ? first.get(index) : rest;
        }

        @Override
        public Shape and(Shape other) {
            Lists lists = (Lists) other;
            List<AllOf> both = new ArrayList<>();
            for (int index = 0; index < Math.max(first.size(), lists.first.size()); index++) {
                both.add(element(index).and(lists.element(index)));
            }
            int low = Math.max(min, lists.min);
            int high = Math.min(max, lists.max);
            return low > high ? null : new Lists(both, rest.and(lists.rest), low, high);
        }
    }

    /**
     * Objects.
     *
     * @param properties what the values of these keys must meet, in the order in which they are written
     * @param others     what the values of other keys must meet
     */
    record Objects(Map<String, AllOf> properties, Set<String> required, AllOf others) implements Shape {

        static final Objects ANY = new Objects(Map.of(), Set.of(), AllOf.ANYTHING);

        AllOf property(String key) {
            return properties.getOrDefault(key, others);
        }

        @Override
        public Shape and(Shape other) {
            Objects objects = (Objects) other;
            Map<String, AllOf> both = new LinkedHashMap<>();
            properties.forEach((key, schema) -> both.put(key, schema.and(objects.property(key))));
            objects.properties.forEach((key, schema) -> both.computeIfAbsent(key, _ -> schema.and(others)));
            Set<String> all = new LinkedHashSet<>(required);
            all.addAll(objects.required);
            return new Objects(both, all, others.and(objects.others));
        }
    }
}
