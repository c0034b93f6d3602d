package dev.ondine.kernels.panel;

import java.nio.file.Path;

/**
 * Where packed weights may be kept between starts.
 *
 * @param folder     made when first needed; may be shared by several processes
 * @param limitBytes of all packed files together; the least recently used go first
 * @param bootId     differs after each start of the operating system, or empty where it does not tell. A file that was not
 *                   forced to the disk is whole as long as the system that wrote it runs
 */
public record WeightCache(Path folder, long limitBytes, String bootId) {

    public WeightCache {
        if (limitBytes < 0) {
            throw new IllegalArgumentException("the limit of the cache " + folder + " is " + limitBytes + " bytes, expected 0 or more");
        }
    }
}
