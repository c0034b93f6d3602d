package dev.ondine.explorer.chart;

import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** The free room inside a frame, in which labels find their places. */
final class LabelRoom {

    /** Distance up to which a label is seen to belong to its marker without a line. */
    static final double CLOSE = 6;

    /** Distance that a label keeps from the markers of others. */
    private static final double CLEAR = 2;

    private static final double[] DISTANCES = {4, 14, 26, 40, 60, 85, 120, 160};

    /** Right, left, above, below, then the corners: the side on which a label stands, across and down. */
    private static final int[][] SIDES = {{1, 0}, {-1, 0}, {0, -1}, {0, 1}, {1, -1}, {1, 1}, {-1, -1}, {-1, 1}};

    private final Rectangle2D frame;
    private final List<Rectangle2D> taken = new ArrayList<>();
    private final List<Rectangle2D> markers = new ArrayList<>();
    private final List<Line2D> avoided = new ArrayList<>();

    LabelRoom(Rectangle2D frame) {
        this.frame = frame;
    }

    void takeMarker(Rectangle2D marker) {
        taken.add(marker);
        markers.add(marker);
    }

    /** A line that a label should not cross if it can. */
    void avoid(Line2D line) {
        avoided.add(line);
    }

    /** Takes the first place that is free, if any: one without a line, if there is one. */
    Optional<Rectangle2D> takeFirst(List<Rectangle2D> places) {
        List<Rectangle2D> free = places.stream()
                .filter(place -> frame.contains(place) && taken.stream().noneMatch(place::intersects)).toList();
        Optional<Rectangle2D> best = free.stream().filter(place -> avoided.stream().noneMatch(line -> line.intersects(place))).findFirst()
                .or(() -> free.stream().findFirst());
        best.ifPresent(taken::add);
        return best;
    }

    /** Takes a place of this size beside a marker, as close as there is one. @param most the longest distance */
    Optional<Rectangle2D> takeNear(Rectangle2D marker, double width, double height, double most) {
        List<Rectangle2D> places = new ArrayList<>();
        for (double distance : DoubleStream.of(DISTANCES).filter(each -> each <= most).toArray()) {
            for (int[] side : SIDES) {
                double x = marker.getCenterX() + side[0] * (marker.getWidth() / 2 + distance + width / 2) - width / 2;
                double y = marker.getCenterY() + side[1] * (marker.getHeight() / 2 + distance + height / 2) - height / 2;
                places.add(new Rectangle2D.Double(x, y, width, height));
            }
        }
        // A label so close to another marker would seem to be that one's.
        List<Rectangle2D> others = markers.stream().filter(other -> !other.equals(marker)).map(other -> grown(other, CLEAR)).toList();
        return takeFirst(places.stream().filter(place -> others.stream().noneMatch(place::intersects)).toList());
    }

    static Rectangle2D grown(Rectangle2D place, double by) {
        return new Rectangle2D.Double(place.getX() - by, place.getY() - by, place.getWidth() + 2 * by, place.getHeight() + 2 * by);
    }

    /** A line from a marker to the nearest point of a label. */
    static Line2D leader(Rectangle2D marker, Rectangle2D label) {
        return new Line2D.Double(marker.getCenterX(), marker.getCenterY(),
                Math.clamp(marker.getCenterX(), label.getMinX(), label.getMaxX()),
                Math.clamp(marker.getCenterY(), label.getMinY(), label.getMaxY()));
    }
}
