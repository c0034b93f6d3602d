package dev.ondine.os;

import java.util.Map;
import java.util.Optional;

/**
 * What a {@link Kernel} keeps to beside its scheduler.
 *
 * @param quotas   by app
 * @param ofOthers quota of each app that is not named
 * @param kept     most tasks that are remembered after their end
 * @param journal  that keeps durable tasks, borrowed; empty where none are taken
 */
public record KernelSettings(Map<String, AppQuota> quotas, AppQuota ofOthers, int kept, Optional<TaskJournal> journal) {

    /** No quotas and no durable tasks. */
    public static final KernelSettings STANDARD = new KernelSettings(Map.of(), AppQuota.UNLIMITED, 256, Optional.empty());

    public KernelSettings {
        quotas = Map.copyOf(quotas);
    }

    /** Of an app. */
    AppQuota quota(String app) {
        return quotas.getOrDefault(app, ofOthers);
    }
}
