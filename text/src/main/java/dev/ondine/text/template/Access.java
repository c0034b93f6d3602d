package dev.ondine.text.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Members, items and slices of values. */
final class Access {

    private Access() {
    }

    /** {@code owner.name}: a method or member of that name, or else the item of that key. */
    static Object member(Run run, Object owner, String name) {
        refuseUndefined(run, owner);
        Object member = find(owner, name);
        Object found = member != Scope.ABSENT ? member : lookUp(run, owner, name);
        return found != Scope.ABSENT ? found : Undefined.member(owner, name);
    }

    /** {@code owner[key]}: the item of that key, or else the method or member of that name. */
    static Object item(Run run, Object owner, Object key) {
        refuseUndefined(run, owner);
        Object item = lookUp(run, owner, key);
        if (item == Scope.ABSENT && key instanceof String name) {
            item = find(owner, name);
        }
        return item != Scope.ABSENT ? item : Undefined.member(owner, key);
    }

    private static void refuseUndefined(Run run, Object owner) {
        if (owner instanceof Undefined undefined) {
            throw run.error(undefined.problem());
        }
    }

    private static Object find(Object owner, String name) {
        if (owner instanceof Namespace namespace) {
            return namespace.members().getOrDefault(name, Scope.ABSENT);
        } else if (owner instanceof Loop loop) {
            return loop.member(name);
        } else if (owner instanceof Tuple tuple && tuple.group() && (name.equals("grouper") || name.equals("list"))) {
            return tuple.items().get(name.equals("grouper") ? 0 : 1);
        }
        boolean isMethod = owner instanceof String ? StringMethods.NAMES.contains(name)
                : owner instanceof List ? ContainerMethods.OF_LISTS.contains(name)
                : owner instanceof Map ? ContainerMethods.OF_DICTS.contains(name)
                : owner instanceof Tuple && ContainerMethods.OF_TUPLES.contains(name);
        return isMethod ? new Method(owner, name) : Scope.ABSENT;
    }

    private static Object lookUp(Run run, Object owner, Object key) {
        if (owner instanceof Map<?, ?> dict) {
            return Values.isKey(key) ? Values.dict(dict).getOrDefault(Values.key(run, key), Scope.ABSENT) : Scope.ABSENT;
        }
        if (!(key instanceof Long || key instanceof Boolean)) {
            return Scope.ABSENT;
        }
        long index = Values.whole(key);
        if (owner instanceof String text) {
            run.charge(text.length() / 4);
            return Strings.at(text, index);
        }
        List<Object> sequence = Values.sequence(owner);
        if (sequence == null) {
            return Scope.ABSENT;
        }
        long position = index < 0 ? index + sequence.size() : index;
        return position < 0 || position >= sequence.size() ? Scope.ABSENT : sequence.get((int) position);
    }

    /** {@code owner[from:to:step]}; each of the three may be null. */
    static Object slice(Run run, Object owner, Long from, Long to, Long step) {
        refuseUndefined(run, owner);
        int length = Values.length(owner);
        List<Object> sequence = Values.sequence(owner);
        if (sequence == null && !(owner instanceof String)) {
            throw run.error("found a slice of " + Values.typeName(owner) + ", expected one of a str, list or tuple");
        }
        long stride = step == null ? 1 : step;
        if (stride == 0) {
            throw run.error("found 0 as the step of a slice, expected another number");
        }
        long first = bound(from, length, stride, stride > 0 ? 0 : length - 1);
        long last = bound(to, length, stride, stride > 0 ? length : -1);
        int count = stride > 0 ? count(last - first, stride) : count(first - last, -Math.max(stride, -Long.MAX_VALUE));
        if (owner instanceof String text) {
            run.charge(text.length());
            return Strings.slice(text, (int) first, stride, count);
        }
        run.chargeElements(count);
        List<Object> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(sequence.get((int) (first + i * stride)));
        }
        return owner instanceof Tuple ? new Tuple(items, false) : items;
    }

    private static long bound(Long bound, int length, long stride, long open) {
        if (bound == null) {
            return open;
        }
        long position = bound < 0 ? bound + length : bound;
        return Math.clamp(position, stride > 0 ? 0 : -1, stride > 0 ? length : length - 1);
    }

    private static int count(long distance, long stride) {
        return distance <= 0 ? 0 : (int) ((distance - 1) / stride + 1);
    }
}
