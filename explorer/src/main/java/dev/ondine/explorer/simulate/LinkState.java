package dev.ondine.explorer.simulate;

import dev.ondine.explorer.simulate.Surroundings.Link;
import dev.ondine.explorer.simulate.Surroundings.Quality;
import dev.ondine.explorer.simulate.Surroundings.Spell;
import java.util.Arrays;
import java.util.SplittableRandom;

/** The link of one device over the time of a scenario, with the outages that chance brought. */
final class LinkState {

    private final Link link;
    private final double localStart;
    private final double end;
    private double[] outageFrom = new double[16];
    private double[] outageTo = new double[16];
    private int outages;

    LinkState(Link link, double localStart, double end, SplittableRandom random) {
        this.link = link;
        this.localStart = localStart;
        this.end = end;
        double time = 0;
        while (link.outagesPerHour() > 0) {
            time -= Math.log1p(-random.nextDouble()) * 3600 / link.outagesPerHour();
            if (time >= end) {
                break;
            }
            addOutage(time, link.outageSeconds().draw(random));
            time = outageTo[outages - 1];
        }
    }

    private void addOutage(double from, double seconds) {
        if (outages == outageFrom.length) {
            outageFrom = Arrays.copyOf(outageFrom, 2 * outages);
            outageTo = Arrays.copyOf(outageTo, 2 * outages);
        }
        outageFrom[outages] = from;
        outageTo[outages++] = from + seconds;
    }

    Quality quality(double seconds) {
        return link.at(DaySpan.secondOfDay(seconds + localStart));
    }

    boolean isOnline(double seconds) {
        return outageEnd(seconds) <= seconds && !quality(seconds).offline();
    }

    /** The first moment from then on with a link; infinite if there is none before the scenario ends. */
    double nextOnline(double seconds) {
        double time = seconds;
        while (!isOnline(time)) {
            double outage = outageEnd(time);
            time = outage > time ? outage : nextChange(time);
            if (time >= end) {
                return Double.POSITIVE_INFINITY;
            }
        }
        return time;
    }

    private double outageEnd(double seconds) {
        int found = Arrays.binarySearch(outageFrom, 0, outages, seconds);
        int last = found >= 0 ? found : -found - 2;
        return last >= 0 && outageTo[last] > seconds ? outageTo[last] : seconds;
    }

    /** When a spell begins or ends next, or a day. */
    private double nextChange(double seconds) {
        double ofDay = DaySpan.secondOfDay(seconds + localStart);
        double next = DaySpan.DAY_SECONDS;
        for (Spell spell : link.spells()) {
            next = sooner(next, ofDay, spell.span().fromSecond());
            next = sooner(next, ofDay, spell.span().toSecond());
        }
        // Against rounding, which could leave the moment just before the change.
        return Math.max(Math.nextUp(seconds), seconds + (next - ofDay));
    }

    private static double sooner(double next, double ofDay, double edge) {
        return edge > ofDay && edge < next ? edge : next;
    }
}
