package dev.ondine.text.grammar;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** The shapes of each place of a schema: references followed, combinations multiplied out. */
final class Shapes {

    /** How many references and combinations may follow one another without a value in between. */
    private static final int MOST_NESTED = 100;
    private static final int MOST_DISJOINT_DEPTH = 6;

    private final Effort effort;
    private final Map<SchemaPlace, List<Shape>> known = new HashMap<>();
    private final Map<AllOf, List<Shape>> knownOfAll = new HashMap<>();
    private final Set<SchemaPlace> open = new LinkedHashSet<>();

    Shapes(Effort effort) {
        this.effort = effort;
    }

    /** The shapes that meet all these schemas; none if no value does. */
    List<Shape> of(AllOf all) {
        List<Shape> shapes = knownOfAll.get(all);
        if (shapes == null) {
            shapes = Shape.ANY;
            for (SchemaPlace place : all.places()) {
                shapes = both(shapes, of(place));
            }
            knownOfAll.put(all, shapes);
        }
        return shapes;
    }

    private List<Shape> of(SchemaPlace place) {
        List<Shape> shapes = known.get(place);
        if (shapes == null) {
            if (!open.add(place)) {
                throw place.refusal("the schema leads back to itself with no value in between; take the circle out");
            }
            if (open.size() > MOST_NESTED) {
                throw place.refusal("more than " + MOST_NESTED + " references and combinations follow one another; make it simpler");
            }
            shapes = read(place);
            open.remove(place);
            known.put(place, shapes);
        }
        return shapes;
    }

    private List<Shape> read(SchemaPlace place) {
        if (place.value() instanceof Boolean any) {
            return any ? Shape.ANY : List.of();
        }
        KeywordReader keywords = new KeywordReader(place);
        List<Shape> shapes = keywords.shapes();
        for (String keyword : List.of("const", "enum")) {
            if (place.has(keyword)) {
                shapes = both(shapes, keywords.values(keyword));
            }
        }
        if (place.has("$ref")) {
            shapes = both(shapes, of(place.child("$ref").target()));
        }
        if (place.has("allOf")) {
            for (SchemaPlace branch : branches(place.child("allOf"))) {
                shapes = both(shapes, of(branch));
            }
        }
        if (place.has("anyOf")) {
            shapes = both(shapes, either(branches(place.child("anyOf"))));
        }
        if (place.has("oneOf")) {
            List<SchemaPlace> branches = branches(place.child("oneOf"));
            requireDisjoint(place.child("oneOf"), branches);
            shapes = both(shapes, either(branches));
        }
        return shapes;
    }

    private static List<SchemaPlace> branches(SchemaPlace list) {
        List<SchemaPlace> branches = list.elements();
        if (branches.isEmpty()) {
            throw list.refusal("found an empty list, expected at least one schema");
        }
        return branches;
    }

    private List<Shape> either(List<SchemaPlace> branches) {
        Set<Shape> shapes = new LinkedHashSet<>();
        for (SchemaPlace branch : branches) {
            shapes.addAll(of(branch));
            effort.spend(1);
        }
        return List.copyOf(shapes);
    }

    private List<Shape> both(List<Shape> some, List<Shape> others) {
        if (some == Shape.ANY || others == Shape.ANY) {
            return some == Shape.ANY ? others : some;
        }
        Set<Shape> shapes = new LinkedHashSet<>();
        for (Shape shape : some) {
            for (Shape other : others) {
                effort.spend(weight(shape) + weight(other));
                Shape joined = both(shape, other);
                if (joined != null) {
                    shapes.add(joined);
                }
            }
        }
        return new ArrayList<>(shapes);
    }

    private static int weight(Shape shape) {
        return switch (shape) {
            case Shape.Objects objects -> 1 + objects.required().size() + weight(objects.properties().values());
            case Shape.Lists lists -> 1 + weight(lists.first());
            case Shape.Texts texts -> 1 + texts.patterns().size();
            default -> 1;
        };
    }

    private static int weight(Collection<AllOf> schemas) {
        return schemas.stream().mapToInt(all -> 1 + all.places().size()).sum();
    }

    /** What both allow, or null for nothing. */
    private Shape both(Shape shape, Shape other) {
        if (shape instanceof Shape.Exactly(Object value)) {
            return holds(other, value) ? shape : null;
        }
        if (other instanceof Shape.Exactly(Object value)) {
            return holds(shape, value) ? other : null;
        }
        return shape.getClass() == other.getClass() ? shape.and(other) : null;
    }

    private boolean holds(AllOf all, Object value) {
        return of(all).stream().anyMatch(shape -> holds(shape, value));
    }

    private boolean holds(Shape shape, Object value) {
        effort.spend(1);
        return switch (shape) {
            case Shape.Exactly(Object mine) -> Objects.equals(mine, value);
            case Shape.Numbers numbers -> value instanceof BigDecimal number && numbers.holds(number);
            case Shape.Texts texts -> value instanceof String text && holds(texts, text);
            case Shape.Lists lists -> value instanceof List<?> list && holds(lists, list);
            case Shape.Objects objects -> value instanceof Map<?, ?> map && holds(objects, map);
        };
    }

    private boolean holds(Shape.Texts texts, String text) {
        int length = text.codePointCount(0, text.length());
        effort.spend(length);
        return texts.min() <= length && length <= texts.max()
                && texts.patterns().stream().allMatch(pattern -> pattern.automaton(effort).accepts(text));
    }

    private boolean holds(Shape.Lists lists, List<?> list) {
        for (int index = 0; index < list.size(); index++) {
            if (!holds(lists.element(index), list.get(index))) {
                return false;
            }
        }
        return lists.min() <= list.size() && list.size() <= lists.max();
    }

    private boolean holds(Shape.Objects objects, Map<?, ?> map) {
        return map.keySet().containsAll(objects.required())
                && map.entrySet().stream().allMatch(entry -> holds(objects.property((String) entry.getKey()), entry.getValue()));
    }

    private void requireDisjoint(SchemaPlace oneOf, List<SchemaPlace> branches) {
        for (int second = 1; second < branches.size(); second++) {
            for (int first = 0; first < second; first++) {
                if (!areDisjoint(AllOf.of(branches.get(first)), AllOf.of(branches.get(second)), MOST_DISJOINT_DEPTH)) {
                    throw oneOf.refusal("one value could meet both branch " + first + " and branch " + second + ", expected branches that"
                            + " a type or a required property with different constants tells apart; or use anyOf");
                }
            }
        }
    }

    /** Whether surely no value meets both; false also where that is hard to say. */
    private boolean areDisjoint(AllOf some, AllOf others, int depth) {
        return depth > 0 && of(some).stream().allMatch(shape -> of(others).stream().allMatch(other -> areDisjoint(shape, other, depth)));
    }

    private boolean areDisjoint(Shape shape, Shape other, int depth) {
        effort.spend(1);
        if (shape instanceof Shape.Lists lists && other instanceof Shape.Lists others) {
            int certain = Math.min(Math.max(lists.min(), others.min()), Math.max(lists.first().size(), others.first().size()) + 1);
            return both(shape, other) == null || anyDisjoint(certain, depth, lists::element, others::element);
        }
        if (shape instanceof Shape.Objects objects && other instanceof Shape.Objects others) {
            List<String> certain = new ArrayList<>(objects.required());
            certain.addAll(others.required());
            return anyDisjoint(certain.size(), depth, index -> objects.property(certain.get(index)),
                    index -> others.property(certain.get(index)));
        }
        return both(shape, other) == null;
    }

    private boolean anyDisjoint(int count, int depth, Function<Integer, AllOf> some, Function<Integer, AllOf> others) {
        for (int index = 0; index < count; index++) {
            if (areDisjoint(some.apply(index), others.apply(index), depth - 1)) {
                return true;
            }
        }
        return false;
    }
}
