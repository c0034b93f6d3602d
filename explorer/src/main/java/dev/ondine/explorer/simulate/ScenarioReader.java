package dev.ondine.explorer.simulate;

import dev.ondine.explorer.simulate.Surroundings.Activity;
import dev.ondine.explorer.simulate.Surroundings.Battery;
import dev.ondine.explorer.simulate.Surroundings.Charge;
import dev.ondine.explorer.simulate.Surroundings.Heat;
import dev.ondine.explorer.simulate.Surroundings.Link;
import dev.ondine.explorer.simulate.Surroundings.Quality;
import dev.ondine.explorer.simulate.Surroundings.Spell;
import dev.ondine.explorer.simulate.Surroundings.Throttle;
import dev.ondine.roofline.device.Unit;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A scenario out of its file. */
final class ScenarioReader {

    private static final double MOST_SECONDS = 400 * DaySpan.DAY_SECONDS;
    private static final Quality NO_LINK = new Quality(0, 0, Double.POSITIVE_INFINITY, true);

    private ScenarioReader() {
    }

    static Scenario read(InputStream content, String name) {
        return scenario(JsonPlace.read(content, name));
    }

    private static Scenario scenario(JsonPlace root) {
        root.object("name", "about", "duration", "start", "bins", "device", "model", "format", "cache format", "efficiency", "scheduler",
                "streams", "link", "battery", "heat", "activities", "cloud", "fleet");
        List<TaskStream> streams = root.require("streams").list().stream().map(StreamReader::stream).toList();
        requireOwnNames(root, streams);
        Surroundings surroundings = new Surroundings(root.find("link").map(ScenarioReader::link).orElse(Surroundings.NONE.link()),
                root.find("battery").map(ScenarioReader::battery), root.find("heat").map(ScenarioReader::heat),
                root.list("activities").stream().map(ScenarioReader::activity).toList());
        Optional<CloudService> cloud = root.find("cloud").map(ScenarioReader::cloud);
        for (TaskStream stream : streams) {
            if (stream.place() != TaskStream.Place.DEVICE && cloud.isEmpty()) {
                throw new IllegalArgumentException("%s: stream \"%s\" may run in the cloud, but there is no \"cloud\""
                        .formatted(root.path(), stream.name()));
            }
        }
        return new Scenario(root.require("name").text(), root.require("duration").seconds(1e-3, MOST_SECONDS),
                root.find("start").map(JsonPlace::secondOfDay).orElse(0.0), root.find("bins").map(bins -> bins.whole(1, 10_000)).orElse(96),
                DesignReader.design(root), streams, surroundings, cloud, root.find("fleet").map(ScenarioReader::fleet));
    }

    private static void requireOwnNames(JsonPlace root, List<TaskStream> streams) {
        Set<String> names = new HashSet<>();
        for (TaskStream stream : streams) {
            if (!names.add(stream.name())) {
                throw new IllegalArgumentException("%s.streams has two named \"%s\", expected a name of its own for each"
                        .formatted(root.path(), stream.name()));
            }
        }
        if (names.isEmpty()) {
            throw root.require("streams").wrong("at least one stream");
        }
    }

    private static Link link(JsonPlace link) {
        link.object("rtt", "loss", "bandwidth", "offline", "spells", "outages");
        Optional<JsonPlace> outages = link.find("outages").map(place -> place.object("per hour", "seconds"));
        return new Link(quality(link, NO_LINK), link.list("spells").stream().map(ScenarioReader::spell).toList(),
                outages.map(place -> place.require("per hour").number(0, 3600)).orElse(0.0),
                outages.map(place -> place.require("seconds").amount(MOST_SECONDS)).orElse(new Amount.Fixed(0)));
    }

    private static Spell spell(JsonPlace spell) {
        spell.object("from", "to", "rtt", "loss", "bandwidth", "offline");
        return new Spell(spell.span(), quality(spell, NO_LINK));
    }

    private static Quality quality(JsonPlace place, Quality offline) {
        if (place.find("offline").map(JsonPlace::truth).orElse(false)) {
            return offline;
        }
        return new Quality(place.require("rtt").seconds(0, 3600),
                place.find("loss").map(loss -> loss.quantity(Unit.SHARE, 0, 0.99)).orElse(0.0),
                place.find("bandwidth").map(rate -> rate.quantity(Unit.BYTES_PER_SECOND, 1, 1e15)).orElse(Double.POSITIVE_INFINITY), false);
    }

    private static Battery battery(JsonPlace battery) {
        battery.object("capacity", "start", "charging");
        return new Battery(3600 * battery.require("capacity").quantity(Unit.WATT_HOURS, 1e-6, 1e6),
                battery.find("start").map(start -> start.quantity(Unit.SHARE, 0, 1)).orElse(1.0),
                battery.list("charging").stream().map(charge -> {
                    charge.object("from", "to", "power");
                    return new Charge(charge.span(), charge.require("power").quantity(Unit.WATTS, 0, 1e6));
                }).toList());
    }

    private static Heat heat(JsonPlace heat) {
        heat.object("ambient", "start", "joules per kelvin", "kelvin per watt", "throttle", "hysteresis");
        double ambient = heat.require("ambient").quantity(Unit.DEGREES, -60, 120);
        List<Throttle> levels = heat.list("throttle").stream().map(level -> {
            level.object("above", "speed");
            return new Throttle(level.require("above").quantity(Unit.DEGREES, -60, 200),
                    level.require("speed").quantity(Unit.SHARE, 0.01, 1));
        }).toList();
        for (int i = 1; i < levels.size(); i++) {
            if (levels.get(i).celsius() <= levels.get(i - 1).celsius()) {
                throw heat.require("throttle").wrong("levels in ascending order of \"above\"");
            }
        }
        return new Heat(ambient, heat.find("start").map(start -> start.quantity(Unit.DEGREES, -60, 200)).orElse(ambient),
                heat.require("joules per kelvin").number(1e-6, 1e12), heat.require("kelvin per watt").number(1e-9, 1e6), levels,
                heat.find("hysteresis").map(place -> place.number(0, 100)).orElse(1.0));
    }

    private static Activity activity(JsonPlace activity) {
        activity.object("name", "from", "to", "traffic", "power");
        return new Activity(activity.require("name").text(), activity.span(),
                activity.find("traffic").map(place -> place.quantity(Unit.BYTES_PER_SECOND, 0, 1e15)).orElse(0.0),
                activity.find("power").map(place -> place.quantity(Unit.WATTS, 0, 1e6)).orElse(0.0));
    }

    private static CloudService cloud(JsonPlace cloud) {
        cloud.object("step", "share", "prefill", "verify", "machine", "depth", "sequences", "radio", "draft tokens", "acceptance");
        Optional<CloudService.Machine> machine = cloud.find("machine").map(place -> machine(cloud, place));
        return new CloudService(machine, machine.isPresent() ? Optional.empty() : Optional.of(speed(cloud)),
                cloud.find("sequences").map(place -> place.whole(1, 100_000)).orElse(1),
                cloud.find("radio").map(place -> place.quantity(Unit.WATTS, 0, 1e4)).orElse(0.0),
                cloud.find("draft tokens").map(place -> place.whole(1, 64)).orElse(4),
                cloud.find("acceptance").map(place -> place.quantity(Unit.SHARE, 0, 1)).orElse(0.7));
    }

    private static CloudService.Machine machine(JsonPlace cloud, JsonPlace machine) {
        machine.object("device", "model", "format", "cache format", "efficiency", "scheduler");
        for (String number : List.of("step", "share", "prefill", "verify")) {
            cloud.find(number).ifPresent(place -> {
                throw place.wrong("nothing, because the \"machine\" gives it");
            });
        }
        return new CloudService.Machine(DesignReader.design(machine),
                cloud.find("depth").map(depth -> depth.number(0, 1e9)).orElse(1000.0));
    }

    private static CloudService.Speed speed(JsonPlace cloud) {
        double step = cloud.require("step").seconds(0, 60);
        double share = cloud.find("share").map(place -> place.seconds(0, 60)).orElse(0.0);
        return new CloudService.Speed(step, share, 1 / cloud.require("prefill").quantity(Unit.TOKENS_PER_SECOND, 1e-3, 1e12),
                cloud.find("verify").map(place -> place.seconds(0, 60)).orElse(step + share));
    }

    private static Scenario.FleetPlan fleet(JsonPlace fleet) {
        fleet.object("devices", "time zones", "servers", "slots", "wait target");
        List<Double> zones = fleet.list("time zones").stream().map(zone -> zone.number(-14, 14)).toList();
        return new Scenario.FleetPlan(fleet.require("devices").whole(1, 1_000_000), zones.isEmpty() ? List.of(0.0) : zones,
                fleet.require("servers").whole(1, 1_000_000), fleet.require("slots").whole(1, 100_000),
                fleet.require("wait target").seconds(0, 86_400));
    }
}
