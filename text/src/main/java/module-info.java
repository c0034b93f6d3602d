/** Text to tokens and back, and messages to prompts. */
module dev.ondine.text {
    requires transitive dev.ondine.files;
    exports dev.ondine.text;
    exports dev.ondine.text.grammar;
    exports dev.ondine.text.template;
    exports dev.ondine.text.tools;
}
