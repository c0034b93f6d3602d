package dev.ondine.text.template;

import java.util.List;

/** What a value is assigned to. */
sealed interface Target {

    void assign(Run run, Scope scope, Object value);

    /** A variable of the innermost scope. */
    record Variable(String name) implements Target {

        @Override
        public void assign(Run run, Scope scope, Object value) {
            scope.set(name, value);
        }
    }

    /** A member of a namespace. */
    record Field(String namespace, String name) implements Target {

        @Override
        public void assign(Run run, Scope scope, Object value) {
            Object owner = scope.find(namespace);
            if (!(owner instanceof Namespace found)) {
                String type = owner == Scope.ABSENT ? "nothing" : Values.typeName(owner);
                throw run.error("found " + type + " as '" + namespace + "', expected a namespace to set '" + name + "' in");
            }
            run.chargeElements(1);
            found.members().put(name, value);
        }
    }

    /** Several targets for the elements of one value. */
    record Parts(List<Target> targets) implements Target {

        @Override
        public void assign(Run run, Scope scope, Object value) {
            List<Object> items = Values.elements(run, value);
            if (items.size() != targets.size()) {
                throw run.error("found " + items.size() + " values to unpack, expected " + targets.size());
            }
            for (int i = 0; i < targets.size(); i++) {
                targets.get(i).assign(run, scope, items.get(i));
            }
        }
    }
}
