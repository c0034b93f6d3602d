package dev.ondine.roofline.catalogue;

import dev.ondine.roofline.device.Device;
import java.nio.file.Path;
import java.util.List;

/** What is known of devices and memories, by their ids; the program's own files and, before them, those of the user. */
public final class Catalogue {

    private final Shelf<Device> devices;
    private final Shelf<MemoryKind> memories;

    private Catalogue(Shelf<Device> devices, Shelf<MemoryKind> memories) {
        this.devices = devices;
        this.memories = memories;
    }

    /** The files that come with the program. */
    public static Catalogue builtIn() {
        return new Catalogue(Shelf.empty("device", DeviceCard::read).with(CardFolder.builtIn("devices")),
                Shelf.empty("memory", MemoryCard::read).with(CardFolder.builtIn("memories")));
    }

    /**
     * This catalogue and the user's own cards, which replace those of the same id.
     *
     * @param place a folder of {@code .device} and {@code .memory} files, or one such file
     * @throws IllegalArgumentException with file and line, if there is no such place or a card is bad
     */
    public Catalogue with(Path place) {
        return new Catalogue(devices.with(CardFolder.of(place, ".device")), memories.with(CardFolder.of(place, ".memory")));
    }

    /** @throws IllegalArgumentException that offers the nearest ids */
    public Device device(String id) {
        return devices.get(id);
    }

    public List<Device> devices() {
        return devices.all();
    }

    /** @throws IllegalArgumentException that offers the nearest ids */
    public MemoryKind memory(String id) {
        return memories.get(id);
    }

    public List<MemoryKind> memories() {
        return memories.all();
    }
}
