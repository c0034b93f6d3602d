package dev.ondine.server.responses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResponseStoreTest {

    @Test
    void forgetsTheOldestWhenThereAreTooMany() {
        var store = new ResponseStore(2, 1_000);
        List.of("a", "b", "c").forEach(id -> store.keep(response(id, "me", 10)));

        assertThat(store.find("a", "me")).isEmpty();
        assertThat(store.find("b", "me")).isPresent();
        assertThat(store.find("c", "me")).isPresent();
    }

    @Test
    void forgetsTheOldestWhenTheyTakeTooMuch() {
        var store = new ResponseStore(10, 100);
        store.keep(response("a", "me", 60));
        store.keep(response("b", "me", 30));
        store.keep(response("c", "me", 60));

        assertThat(store.find("a", "me")).isEmpty();
        assertThat(store.find("b", "me")).isPresent();
        store.keep(response("d", "me", 500));
        assertThat(store.find("c", "me")).isEmpty();
        assertThat(store.find("d", "me")).as("the latest stays whatever it takes").isPresent();
    }

    @Test
    void showsAResponseToItsOwnerAlone() {
        var store = new ResponseStore(10, 1_000);
        store.keep(response("a", "me", 10));

        assertThat(store.find("a", "you")).isEmpty();
        assertThat(store.find("a", "me")).isPresent();
    }

    @Test
    void makesRoomAgainWhenOneIsForgotten() {
        var store = new ResponseStore(10, 100);
        KeptResponse first = response("a", "me", 60);
        store.keep(first);
        store.forget(first);
        store.forget(first);
        store.keep(response("b", "me", 60));
        store.keep(response("c", "me", 40));

        assertThat(store.find("b", "me")).isPresent();
    }

    private static KeptResponse response(String id, String owner, long characters) {
        return new KeptResponse(id, owner, List.of(), List.of(), () -> { }, new KeptResponse.LatestState(Map.of()), characters);
    }
}
