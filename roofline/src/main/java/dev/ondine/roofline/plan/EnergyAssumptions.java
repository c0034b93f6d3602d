package dev.ondine.roofline.plan;

import dev.ondine.roofline.cost.Demand;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;

/**
 * What moving and multiplying cost on a device; typical values stand for what is not in the catalogue.
 *
 * @param joulesPerBit of memory traffic; LPDDR5 takes 7 pJ, the literature says 4 to 20
 * @param joulesPerMac of an 8-bit multiply-accumulate; 0.23 pJ at 45 nm
 * @param idleWatts    drawn all the time
 * @see <a href="https://doi.org/10.1109/ISSCC.2014.6757323">Horowitz: Computing's Energy Problem</a>
 */
public record EnergyAssumptions(double joulesPerBit, double joulesPerMac, double idleWatts) {

    private static final double TYPICAL_JOULES_PER_BIT = 7e-12;
    private static final double TYPICAL_JOULES_PER_MAC = 0.23e-12;

    public static EnergyAssumptions of(Device device) {
        return new EnergyAssumptions(device.number(Spec.MEMORY_ENERGY, TYPICAL_JOULES_PER_BIT),
                device.number(Spec.MAC_ENERGY, TYPICAL_JOULES_PER_MAC), device.number(Spec.IDLE_POWER, 0));
    }

    /** Of one step that takes so long: 8 x bytes x e_bit + multiply-accumulates x e_mac + idle power x time. */
    public double joules(Demand demand, double seconds) {
        return 8 * demand.bytes() * joulesPerBit + demand.multiplyAccumulates() * joulesPerMac + idleWatts * seconds;
    }
}
