package dev.ondine.roofline.catalogue;

import dev.ondine.roofline.device.Figure;
import dev.ondine.roofline.shape.ModelShape;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is known of a published model.
 *
 * @param id               the name on the command line: {@code llama-2-7b}
 * @param name             as its maker writes it
 * @param family           models of one architecture or line: {@code llama}
 * @param maker            who trained it
 * @param year             when it was announced; a fraction is the month
 * @param parameters       all that a file of it holds
 * @param activeParameters that a token uses; those of a mixture's idle experts left out
 * @param context          tokens that it was made for
 * @param fullShape        all matrices, where they are public
 * @param modalities       what it takes and gives: {@code text}, {@code image}, {@code audio}, {@code action}
 * @param qualities        measures of how good it is, by name: {@code mmlu}; shares are from 0 to 1
 * @param shapeSource      the document that the shape comes from; empty without a shape
 * @param note             in words; may be empty
 */
public record ModelCard(String id, String name, String family, String maker, Figure year, Figure parameters, Figure activeParameters,
        Figure context, Optional<ModelShape> fullShape, List<String> modalities, Map<String, Figure> qualities, String shapeSource,
        String note) {

    public ModelCard {
        modalities = List.copyOf(modalities);
        qualities = Collections.unmodifiableMap(new TreeMap<>(qualities));
    }

    /** Whether more is known than numbers of parameters. */
    public boolean shapeKnown() {
        return fullShape.isPresent();
    }

    /** Whether anything can be computed: a shape is known, or a number of parameters. */
    public boolean hasSize() {
        return shapeKnown() || parameters.isKnown();
    }

    /**
     * The full shape where it is known, else one of so many parameters, without a cache.
     *
     * @throws IllegalArgumentException if not even the number of parameters is known
     */
    public ModelShape shape() {
        return fullShape.orElseGet(this::shapeOfParameters);
    }

    private ModelShape shapeOfParameters() {
        if (!parameters.isKnown()) {
            throw new IllegalArgumentException("%s: its number of parameters is unknown (%s); give one".formatted(id, parameters.source()));
        }
        return ModelShape.ofParameters(name, Math.round(parameters.value()), Math.round(activeParameters.or(parameters.value())));
    }

    public Figure quality(String measure) {
        return qualities.getOrDefault(measure, Figure.unknown("not in the catalogue"));
    }
}
