package dev.ondine.text.template;

import java.util.Map;

/** The only kind of value whose members a template may set. */
record Namespace(Map<Object, Object> members) {
}
