package dev.ondine.server.openai;

import dev.ondine.server.failure.ApiFailure;
import dev.ondine.server.json.JsonFields;
import dev.ondine.server.task.ToolFields;
import java.util.Map;

/** What an answer is held to: {@code response_format}. */
sealed interface AnswerFormat {

    /** Nothing. */
    record Text() implements AnswerFormat { }

    /** Any JSON object. */
    record JsonObject() implements AnswerFormat { }

    /** JSON that meets a schema. */
    record Schema(Map<String, Object> schema) implements AnswerFormat { }

    /** Reads it; text if it is missing. */
    static AnswerFormat of(JsonFields body) {
        if (!body.has("response_format")) {
            body.allow("response_format");
            return new Text();
        }
        JsonFields format = body.require("response_format").object();
        AnswerFormat read = switch (format.requireText("type")) {
            case "text" -> new Text();
            case "json_object" -> format.has("schema") ? new Schema(ToolFields.schema(format.require("schema"))) : new JsonObject();
            case "json_schema" -> schema(format.require("json_schema").object());
            case String type -> throw ApiFailure.parameter(format.path("type"), format.path("type") + " is \"" + type
                    + "\", expected \"text\", \"json_object\" or \"json_schema\"");
        };
        format.refuseOthers();
        return read;
    }

    private static AnswerFormat schema(JsonFields described) {
        // Every schema is held to, so strict changes nothing.
        described.allow("name", "description", "strict");
        Map<String, Object> schema = described.value("schema").map(ToolFields::schema)
                .orElseThrow(() -> ApiFailure.parameter(described.path("schema"), described.path("schema") + " is missing"));
        described.refuseOthers();
        return new Schema(schema);
    }

}
