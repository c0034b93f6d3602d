package dev.ondine.explorer.simulate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A day in the life of a device, or any other time: what is asked of it, and what it has to answer with. The format of its file is
 * described in docs/scenarios.md.
 *
 * @param seconds    how long it lasts
 * @param localStart second of the day at which it begins
 * @param bins       of the timeline
 * @param cloud      empty if there is none
 * @param fleet      empty for one device
 */
public record Scenario(String name, double seconds, double localStart, int bins, DesignPoint design, List<TaskStream> streams,
        Surroundings surroundings, Optional<CloudService> cloud, Optional<FleetPlan> fleet) {

    public Scenario {
        streams = List.copyOf(streams);
    }

    /**
     * Many devices that share the cloud.
     *
     * @param zoneHours  time zones that the devices take in turn, relative to the scenario's local time
     * @param servers    of the cloud
     * @param slots      sequences that a server works on at once
     * @param waitTarget most seconds that one request in a hundred may wait for a slot
     */
    public record FleetPlan(int devices, List<Double> zoneHours, int servers, int slots, double waitTarget) {

        public FleetPlan {
            zoneHours = List.copyOf(zoneHours);
        }
    }

    /** @throws IllegalArgumentException saying which value of the file is wrong, what was found, and what is expected */
    public static Scenario read(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            return ScenarioReader.read(content, file.getFileName().toString());
        }
    }

    /** @throws IllegalArgumentException saying which value is wrong, what was found, and what is expected */
    public static Scenario read(InputStream content) throws IOException {
        return ScenarioReader.read(content, "scenario");
    }

    /** One of the scenarios that come with Ondine: {@code phone-day}, {@code car}, {@code robot-50hz}, {@code home-fleet}. */
    public static Scenario example(String name) throws IOException {
        if (!examples().contains(name)) {
            throw new IllegalArgumentException("there is no example \"%s\", expected one of %s"
                    .formatted(name, String.join(", ", examples())));
        }
        try (InputStream content = Scenario.class.getResourceAsStream(name + ".json")) {
            return ScenarioReader.read(content, name + ".json");
        }
    }

    public static List<String> examples() {
        return List.of("phone-day", "car", "robot-50hz", "home-fleet");
    }

    Scenario resolved(DesignCatalogue catalogue) {
        return new Scenario(name, seconds, localStart, bins, design, streams, surroundings,
                cloud.map(service -> service.resolved(catalogue)), fleet);
    }

    public Scenario withDesign(DesignPoint other) {
        return new Scenario(name, seconds, localStart, bins, other, streams, surroundings, cloud, fleet);
    }
}
