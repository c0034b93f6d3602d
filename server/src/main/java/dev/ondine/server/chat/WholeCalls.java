package dev.ondine.server.chat;

import dev.ondine.text.tools.ToolEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Holds calls back until they are whole, so that what is passed on never has to be taken back: a broken call becomes text. */
public final class WholeCalls implements Consumer<ToolEvent> {

    private final Consumer<ToolEvent> next;
    private final List<ToolEvent> held = new ArrayList<>();

    /** A gate before someone. */
    public WholeCalls(Consumer<ToolEvent> next) {
        this.next = next;
    }

    @Override
    public void accept(ToolEvent event) {
        switch (event) {
            case ToolEvent.Text _ -> next.accept(event);
            case ToolEvent.CallStarted _, ToolEvent.Arguments _ -> held.add(event);
            case ToolEvent.CallEnded _ -> {
                held.forEach(next);
                held.clear();
                next.accept(event);
            }
            case ToolEvent.CallBroken(_, var text) -> {
                held.clear();
                if (!text.isEmpty()) {
                    next.accept(new ToolEvent.Text(text));
                }
            }
        }
    }
}
