package dev.ondine.roofline.catalogue;

import dev.ondine.roofline.device.Figure;

/**
 * A generation of memory or storage, in base units.
 *
 * @param id                  as devices name it: {@code lpddr5x}
 * @param piece               what width, bandwidth and capacity are of: {@code 64-bit bus}, {@code stack}, {@code drive}
 * @param year                of the standard or the first product
 * @param transfersPerSecond  of each data pin
 * @param widthBits           data pins of a piece
 * @param usable              share of the transfers that carry data
 * @param bytesPerSecond      a piece delivers to a reader
 * @param writeBytesPerSecond a piece takes, where that differs
 * @param capacityBytes       of a piece, at most
 * @param joulesPerBit        to bring one bit into the processor
 */
public record MemoryKind(String id, String name, String piece, Figure year, Figure transfersPerSecond, Figure widthBits, Figure usable,
        Figure bytesPerSecond, Figure writeBytesPerSecond, Figure capacityBytes, Figure joulesPerBit) {

    /**
     * What a bus of this memory delivers, in bytes/s: rate × width / 8 × usable share.
     *
     * @throws IllegalArgumentException if the rate of a pin is unknown
     */
    public double bytesPerSecond(double busBits) {
        if (!transfersPerSecond.isKnown()) {
            throw new IllegalArgumentException("%s: the rate of a pin is unknown (%s)".formatted(id, transfersPerSecond.source()));
        }
        return transfersPerSecond.value() * busBits / Byte.SIZE * usable.or(1);
    }
}
