package dev.ondine.api;

import tools.jackson.databind.json.JsonMapper;

/** The reader and writer of JSON: a class of its own, because making it costs a tenth of a second that most tasks need not wait for. */
final class JsonNotes {

    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private JsonNotes() {
    }
}
