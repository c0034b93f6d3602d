package dev.ondine.server.responses;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Responses that clients may come back to, the latest ones only: the oldest go when there are too many or they take too much memory. */
final class ResponseStore {

    private final int mostResponses;
    private final long mostCharacters;
    private final Map<String, KeptResponse> kept = new LinkedHashMap<>();
    private long characters;

    /** An empty store. @param mostCharacters of all conversations together */
    ResponseStore(int mostResponses, long mostCharacters) {
        this.mostResponses = mostResponses;
        this.mostCharacters = mostCharacters;
    }

    synchronized void keep(KeptResponse response) {
        kept.put(response.id(), response);
        characters += response.characters();
        var oldest = kept.values().iterator();
        while (kept.size() > mostResponses || characters > mostCharacters && kept.size() > 1) {
            characters -= oldest.next().characters();
            oldest.remove();
        }
    }

    /** One of a client's own responses. */
    synchronized Optional<KeptResponse> find(String id, String owner) {
        return Optional.ofNullable(kept.get(id)).filter(response -> response.owner().equals(owner));
    }

    synchronized void forget(KeptResponse response) {
        if (kept.remove(response.id(), response)) {
            characters -= response.characters();
        }
    }
}
