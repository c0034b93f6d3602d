/** Text to tokens and back, and messages to prompts. */
module dev.ondine.text {
    requires transitive dev.ondine.files;
    exports dev.ondine.text;
    exports dev.ondine.text.template;
}
