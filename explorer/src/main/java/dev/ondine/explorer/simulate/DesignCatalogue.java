package dev.ondine.explorer.simulate;

import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.shape.ModelShape;
import java.util.function.Function;

/**
 * Where devices and models that a scenario names are looked up.
 *
 * @param devices by id; an unknown one is an IllegalArgumentException
 * @param models  likewise
 */
public record DesignCatalogue(Function<String, Device> devices, Function<String, ModelShape> models) {

    /** For scenarios that describe everything themselves. */
    public static final DesignCatalogue NONE = new DesignCatalogue(DesignCatalogue::missing, DesignCatalogue::missing);

    public static DesignCatalogue of(Catalogue catalogue) {
        return new DesignCatalogue(catalogue::device, id -> catalogue.model(id).shape());
    }

    private static <T> T missing(String id) {
        throw new IllegalArgumentException("the scenario names \"%s\", but no catalogue was given to look it up".formatted(id));
    }
}
