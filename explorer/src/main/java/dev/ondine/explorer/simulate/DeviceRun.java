package dev.ondine.explorer.simulate;

import dev.ondine.explorer.simulate.TaskStream.Place;
import dev.ondine.roofline.cost.StepCosts;
import dev.ondine.roofline.formula.Modality;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** One device on the virtual clock, from the start of a scenario to its end: an event loop whose unit is the step. */
final class DeviceRun {

    final Tally[] tallies;
    final TimelineBins bins;
    final PowerState power;
    long steps;
    double busySeconds;
    double longestStepSeconds;
    long mostCachedTokens;

    private final List<TaskStream> streams;
    private final Course course;
    private final StepCosts[] costs;
    private final DayPolicy policy;
    private final double idleWatts;
    private final long contextLength;
    private final CloudPath cloud;
    private final DayTasks tasks = new DayTasks();
    private final DayStep plan;
    private final SplittableRandom[] randoms;
    private final ArrivalQueue arrivals;
    private double now;
    private int stretch;
    private double nextWake = Double.POSITIVE_INFINITY;
    private long cachedTokens;

    DeviceRun(Scenario scenario, Course course, StepCosts[] costs, DayPolicy policy, double idleWatts, long contextLength,
            double localStart, long seed, CloudLog log) {
        this.course = course;
        this.costs = costs;
        this.policy = policy;
        this.idleWatts = idleWatts;
        this.contextLength = contextLength;
        streams = scenario.streams();
        plan = new DayStep(tasks, costs[0].mostRows());
        power = new PowerState(scenario.surroundings());
        bins = new TimelineBins(scenario.bins());
        SplittableRandom root = new SplittableRandom(seed);
        LinkState link = new LinkState(scenario.surroundings().link(), localStart, scenario.seconds(), root.split());
        cloud = scenario.cloud().map(service -> new CloudPath(service, link, scenario.seconds(), log)).orElse(null);
        randoms = Stream.generate(root::split).limit(streams.size()).toArray(SplittableRandom[]::new);
        arrivals = new ArrivalQueue(streams, localStart, Stream.generate(root::split).limit(streams.size()).toList());
        tallies = Stream.generate(Tally::new).limit(streams.size()).toArray(Tally[]::new);
    }

    DeviceRun run() {
        while (now < course.end()) {
            while (arrivals.nextSeconds() <= now) {
                arrive();
            }
            if (nextWake <= now) {
                wake();
            }
            plan.clear();
            if (power.isOn() && tasks.count() > 0) {
                policy.compose(now, tasks, costs[course.traffic()[stretch]], plan);
            }
            if (plan.rows() == 0 || !step()) {
                idle();
            }
        }
        end();
        return this;
    }

    private void arrive() {
        int index = arrivals.nextStream();
        TaskStream stream = streams.get(index);
        long burst = Math.round(stream.burst().draw(randoms[index]));
        for (long i = 0; i < burst; i++) {
            arrive(index, stream, arrivals.nextSeconds());
        }
        arrivals.advance();
    }

    private void arrive(int index, TaskStream stream, double at) {
        Tally tally = tallies[index];
        SplittableRandom random = randoms[index];
        long prompt = 0;
        for (Map.Entry<Modality, Amount> part : stream.prompt().entrySet()) {
            int tokens = part.getValue().drawTokens(random);
            prompt += tokens;
            tally.promptTokens[part.getKey().ordinal()] += tokens;
        }
        int answer = stream.answer().drawTokens(random);
        tally.arrivals++;
        tally.askedTokens += answer;
        bins.arrived(course.bin()[stretch], stream.priority());
        if (!power.isOn() || contextLength > 0 && prompt + answer > contextLength) {
            tally.refuse(prompt, answer);
        } else if (goesToCloud(stream, at, (int) prompt, answer)) {
            send(tally, stream, at, (int) prompt, answer);
        } else {
            accept(index, stream, at, (int) prompt, answer);
        }
    }

    private boolean goesToCloud(TaskStream stream, double at, int prompt, int answer) {
        return switch (stream.place()) {
            case CLOUD -> true;
            case DEVICE, DRAFT -> false;
            case EITHER -> cloud.completion(at, prompt, answer, stream.uploadBytes()) < now + deviceSeconds(prompt, answer);
        };
    }

    /** As if all work on the device were done one task after the other. */
    private double deviceSeconds(int prompt, int answer) {
        double seconds = aloneSeconds(prompt, answer, prompt);
        for (int place = 0; place < tasks.count(); place++) {
            int task = tasks.at(place);
            seconds += aloneSeconds(tasks.promptLeft[task], tasks.answerLeft[task], tasks.depth[task] + tasks.promptLeft[task]);
        }
        return seconds / power.speed();
    }

    private double aloneSeconds(int prompt, int answer, double depth) {
        StepCosts cost = costs[course.traffic()[stretch]];
        int chunk = Math.min(Math.max(prompt, 1), Math.max(1, cost.mostRows() - 1));
        return prompt / (double) chunk * cost.seconds(0, 0, chunk, depth / 2) + answer * cost.seconds(1, depth + answer / 2.0, 0, 0);
    }

    private void send(Tally tally, TaskStream stream, double at, int prompt, int answer) {
        tally.toCloud++;
        cloud.send(at, prompt, answer, stream);
        power.draw(cloud.radioJoules());
        tally.joules += cloud.radioJoules();
        tally.firstToken(stream, at, cloud.firstTokenAt(), course.end());
        tally.completion(stream, at, cloud.completionAt(), course.end());
        if (cloud.firstTokenAt() <= course.end()) {
            tally.readTokens += prompt;
        } else {
            tally.unreadTokens += prompt;
        }
        if (cloud.completionAt() <= course.end()) {
            tally.cloudTokens += answer;
            bins.cloudTokens(course.bin()[stretch], answer);
        } else {
            tally.leftTokens += answer;
        }
    }

    private void accept(int index, TaskStream stream, double at, int prompt, int answer) {
        int task = tasks.add(index, stream, at, prompt, answer);
        if (!policy.admits(now, task, tasks, costs[course.traffic()[stretch]])) {
            tasks.remove(task);
            tallies[index].refuse(prompt, answer);
        } else if (stream.place() == Place.DRAFT) {
            tasks.cloudReady[task] = cloud.promptReady(at, prompt);
        }
    }

    private void wake() {
        nextWake = Double.POSITIVE_INFINITY;
        for (int place = tasks.count() - 1; place >= 0; place--) {
            int task = tasks.at(place);
            if (tasks.isBlocked(task)) {
                if (tasks.wake[task] <= now) {
                    verified(task);
                } else {
                    nextWake = Math.min(nextWake, tasks.wake[task]);
                }
            }
        }
    }

    /** @return false if the step would end after the scenario does */
    private boolean step() {
        StepCosts cost = costs[course.traffic()[stretch]];
        double full = cost.seconds(plan.decodeRows(), plan.depthSum(), plan.prefillTokens(), plan.prefillDepth(), plan.logitsRows());
        double seconds = full / power.speed();
        if (now + seconds > course.end()) {
            return false;
        }
        double joules = cost.joules(plan.decodeRows(), plan.depthSum(), plan.prefillTokens(), plan.prefillDepth(), plan.logitsRows());
        int bin = course.bin()[stretch];
        power.advance(seconds, joules / seconds + idleWatts + course.watts()[stretch], course.charge()[stretch]);
        now += seconds;
        steps++;
        busySeconds += seconds;
        longestStepSeconds = Math.max(longestStepSeconds, seconds);
        apply(seconds / plan.rows(), joules / plan.rows(), bin);
        mostCachedTokens = Math.max(mostCachedTokens, cachedTokens);
        bins.state(bin, power);
        followCourse();
        return true;
    }

    private void apply(double rowSeconds, double rowJoules, int bin) {
        for (int entry = 0; entry < plan.entries(); entry++) {
            int task = plan.task(entry);
            int promptTokens = plan.promptTokens(entry);
            int rows = Math.max(1, promptTokens);
            Tally tally = tallies[tasks.stream[task]];
            tally.joules += rowJoules * rows;
            tally.busySeconds += rowSeconds * rows;
            bins.busy(bin, tasks.priority(task), rowSeconds * rows);
            tasks.depth[task] += rows;
            cachedTokens += rows;
            if (promptTokens > 0) {
                read(tally, task, promptTokens, bin);
            } else if (tasks.draftLeft[task] > 0) {
                drafted(task, bin);
            } else {
                generated(tally, task, 1, 0, bin);
            }
        }
    }

    private void read(Tally tally, int task, int tokens, int bin) {
        tally.readTokens += tokens;
        tasks.promptLeft[task] -= tokens;
        if (tasks.promptLeft[task] > 0) {
            return;
        }
        tasks.state[task] = DayTasks.ANSWER;
        if (streams.get(tasks.stream[task]).place() == Place.DRAFT) {
            tasks.draftLeft[task] = cloud.service().draftTokens();
        } else {
            generated(tally, task, 1, 0, bin);
        }
    }

    /** A draft is complete: it goes to the cloud, or stands as it is if there is no link. */
    private void drafted(int task, int bin) {
        int index = tasks.stream[task];
        tallies[index].draftedTokens++;
        if (--tasks.draftLeft[task] > 0) {
            return;
        }
        int draft = cloud.service().draftTokens();
        if (cloud.isOnline(now)) {
            boolean first = tasks.generated[task] == 0;
            tasks.wake[task] = cloud.verify(now, tasks.cloudReady[task], draft,
                    first ? tasks.firstTokenDeadline(task) - now : Double.POSITIVE_INFINITY, first ? tasks.depth[task] - draft : 0);
            power.draw(cloud.radioJoules());
            tallies[index].joules += cloud.radioJoules();
            tasks.state[task] = DayTasks.BLOCKED;
            nextWake = Math.min(nextWake, tasks.wake[task]);
        } else {
            tasks.draftLeft[task] = draft;
            generated(tallies[index], task, Math.min(draft, tasks.answerLeft[task]), 0, bin);
        }
    }

    private void verified(int task) {
        int index = tasks.stream[task];
        int draft = cloud.service().draftTokens();
        int accepted = 0;
        while (accepted < draft && randoms[index].nextDouble() < cloud.service().acceptance()) {
            accepted++;
        }
        // The cloud adds one token: the right one in place of the first wrong one, or the one after the draft.
        tasks.depth[task] += accepted - draft;
        cachedTokens += accepted - draft;
        tasks.state[task] = DayTasks.ANSWER;
        tasks.draftLeft[task] = draft;
        int fromDevice = Math.min(accepted, tasks.answerLeft[task]);
        generated(tallies[index], task, fromDevice, Math.min(1, tasks.answerLeft[task] - fromDevice), course.bin()[stretch]);
    }

    private void generated(Tally tally, int task, int fromDevice, int fromCloud, int bin) {
        TaskStream stream = streams.get(tasks.stream[task]);
        if (tasks.generated[task] == 0) {
            tally.firstToken(stream, tasks.arrival[task], now, course.end());
        }
        tally.deviceTokens += fromDevice;
        tally.cloudTokens += fromCloud;
        bins.deviceTokens(bin, fromDevice);
        bins.cloudTokens(bin, fromCloud);
        tasks.generated[task] += fromDevice + fromCloud;
        tasks.answerLeft[task] -= fromDevice + fromCloud;
        if (tasks.answerLeft[task] == 0) {
            tally.completion(stream, tasks.arrival[task], now, course.end());
            cachedTokens -= tasks.depth[task];
            tasks.remove(task);
        }
    }

    /** The clock goes on to the next event without a step. */
    private void idle() {
        double load = power.isOn() ? idleWatts + course.watts()[stretch] : 0;
        double next = Math.min(Math.min(arrivals.nextSeconds(), nextWake), course.starts()[stretch + 1]);
        if (!power.isOn()) {
            next = Math.min(next, now + power.untilSwitch(0, course.charge()[stretch]));
        }
        next = Math.max(next, Math.nextUp(now));
        power.advance(next - now, load, course.charge()[stretch]);
        bins.state(course.bin()[stretch], power);
        now = next;
        followCourse();
    }

    private void followCourse() {
        while (stretch < course.bin().length - 1 && now >= course.starts()[stretch + 1]) {
            stretch++;
        }
    }

    /** Tasks that are left over miss the deadlines that have passed. */
    private void end() {
        for (int place = 0; place < tasks.count(); place++) {
            int task = tasks.at(place);
            Tally tally = tallies[tasks.stream[task]];
            tally.unreadTokens += tasks.promptLeft[task];
            tally.leftTokens += tasks.answerLeft[task];
            TaskStream stream = streams.get(tasks.stream[task]);
            if (tasks.generated[task] == 0) {
                tally.firstToken(stream, tasks.arrival[task], Double.POSITIVE_INFINITY, course.end());
            }
            tally.completion(stream, tasks.arrival[task], Double.POSITIVE_INFINITY, course.end());
        }
    }
}
