package dev.ondine.cli;

import dev.ondine.kernels.panel.PackingListener;

/** One line on a terminal's standard error, overwritten, that says how far packing is; closed, the line is gone. */
final class PackingProgress implements PackingListener, AutoCloseable {

    private final Console console;
    private String shown = "";

    PackingProgress(Console console) {
        this.console = console;
    }

    @Override
    public void progress(long doneBytes, long totalBytes) {
        if (console.errorIsTerminal() && doneBytes <= totalBytes) {
            show("packing weights %d %%".formatted(doneBytes * 100 / totalBytes));
        }
    }

    @Override
    public void notice(String line) {
        close();
        console.notice(line);
    }

    private void show(String line) {
        if (!line.equals(shown)) {
            console.err().print("\r" + line);
            console.err().flush();
            shown = line;
        }
    }

    @Override
    public void close() {
        if (!shown.isEmpty()) {
            console.err().print("\r" + " ".repeat(shown.length()) + "\r");
            console.err().flush();
            shown = "";
        }
    }
}
