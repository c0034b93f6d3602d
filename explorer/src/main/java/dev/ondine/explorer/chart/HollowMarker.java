package dev.ondine.explorer.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import org.knowm.xchart.style.markers.Marker;

/** A ring: a value that is not confirmed. */
final class HollowMarker extends Marker {

    private static final BasicStroke RING = new BasicStroke(2);

    @Override
    public void paint(Graphics2D graphics, double x, double y, int size) {
        Ellipse2D ring = new Ellipse2D.Double(x - size / 2.0, y - size / 2.0, size, size);
        Color colour = graphics.getColor();
        graphics.setColor(Color.WHITE);
        graphics.fill(ring);
        graphics.setColor(colour);
        graphics.setStroke(RING);
        graphics.draw(ring);
    }
}
