/** Ondine's models for programs that are written with LangChain4j. */
module dev.ondine.langchain4j {
    requires transitive dev.ondine.api;
    requires transitive langchain4j.core;
    exports dev.ondine.langchain4j;
}
