package dev.ondine.text.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a dict's {@code keys()}, {@code values()} or {@code items()} returns; shows the dict as it is when read. */
record DictView(Kind kind, Map<Object, Object> dict) {

    enum Kind { KEYS, VALUES, ITEMS }

    List<Object> items(Run run) {
        run.chargeElements(dict.size());
        return switch (kind) {
            case KEYS -> new ArrayList<>(dict.keySet());
            case VALUES -> new ArrayList<>(dict.values());
            case ITEMS -> pairs(dict);
        };
    }

    private static List<Object> pairs(Map<Object, Object> dict) {
        List<Object> pairs = new ArrayList<>(dict.size());
        for (Map.Entry<Object, Object> entry : dict.entrySet()) {
            pairs.add(Tuple.of(entry.getKey(), entry.getValue()));
        }
        return pairs;
    }
}
