package dev.ondine.roofline.catalogue;

import dev.ondine.roofline.device.Device;
import java.nio.file.Path;
import java.util.List;

/** What is known of devices, memories, models and published speeds, by their ids; the user's files come before the program's own. */
public final class Catalogue {

    private final Shelf<Device> devices;
    private final Shelf<MemoryKind> memories;
    private final Shelf<ModelCard> models;
    private final Shelf<PublishedRate> publishedRates;

    private Catalogue(Shelf<Device> devices, Shelf<MemoryKind> memories, Shelf<ModelCard> models, Shelf<PublishedRate> publishedRates) {
        this.devices = devices;
        this.memories = memories;
        this.models = models;
        this.publishedRates = publishedRates;
    }

    /** The files that come with the program. */
    public static Catalogue builtIn() {
        return new Catalogue(Shelf.empty("device", DeviceCard::read).with(CardFolder.builtIn("devices")),
                Shelf.empty("memory", MemoryCard::read).with(CardFolder.builtIn("memories")),
                Shelf.empty("model", ModelCardReader::read).with(CardFolder.builtIn("models")),
                Shelf.empty("published rate", PublishedRateCard::read).with(CardFolder.builtIn("published")));
    }

    /**
     * This catalogue and the user's own cards, which replace those of the same id.
     *
     * @param place a folder of {@code .device}, {@code .memory}, {@code .models} and {@code .rates} files, or one such file
     * @throws IllegalArgumentException with file and line, if there is no such place or a card is bad
     */
    public Catalogue with(Path place) {
        return new Catalogue(devices.with(CardFolder.of(place, ".device")), memories.with(CardFolder.of(place, ".memory")),
                models.with(CardFolder.of(place, ".models")), publishedRates.with(CardFolder.of(place, ".rates")));
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

    /** @throws IllegalArgumentException that offers the nearest ids */
    public ModelCard model(String id) {
        return models.get(id);
    }

    public List<ModelCard> models() {
        return models.all();
    }

    /** Speeds that others measured. */
    public List<PublishedRate> publishedRates() {
        return publishedRates.all();
    }
}
