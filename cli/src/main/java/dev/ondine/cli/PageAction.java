package dev.ondine.cli;

import dev.ondine.explorer.page.WhatIfPage;
import dev.ondine.roofline.catalogue.Catalogue;
import java.nio.file.Path;
import java.util.Map;

/** {@code plan --page}: the what-if page, which opens on what the options name. */
final class PageAction {

    private final BasicOptions options;
    private final Console console;

    PageAction(BasicOptions options, Console console) {
        this.options = options;
        this.console = console;
    }

    int write(PlanFlags flags, Catalogue catalogue, Path output) {
        options.require("--output", output);
        Map<String, String> settings = options.checked(() -> flags.pageSettings(catalogue));
        OutputFile.write(output, new WhatIfPage(catalogue.devices(), catalogue.models()).startingWith(settings).html());
        if (options.json()) {
            Json.print(console, Json.object("file", output.toString(), "bytes", output.toFile().length()));
        } else {
            console.out().println("%s: open it in any browser, it needs no network".formatted(output));
        }
        return ExitCode.DONE;
    }
}
