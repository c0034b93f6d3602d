package dev.ondine.roofline.plan;

import dev.ondine.roofline.cost.Demand;
import dev.ondine.roofline.device.Device;
import dev.ondine.roofline.device.Spec;
import dev.ondine.roofline.formula.Energy;

/**
 * What moving and multiplying cost on a device; typical values stand for what is not in the catalogue.
 *
 * @param joulesPerBit of memory traffic; LPDDR5 takes 7 pJ, the literature says 4 to 20
 * @param joulesPerMac of an 8-bit multiply-accumulate; 0.23 pJ at 45 nm
 * @param idleWatts    drawn all the time
 * @see <a href="https://doi.org/10.1109/ISSCC.2014.6757323">Horowitz: Computing's Energy Problem</a>
 */
public record EnergyAssumptions(double joulesPerBit, double joulesPerMac, double idleWatts) {

    public static EnergyAssumptions of(Device device) {
        return new EnergyAssumptions(device.number(Spec.MEMORY_ENERGY, Energy.LPDDR5_JOULES_PER_BIT),
                device.number(Spec.MAC_ENERGY, Energy.INT8_MULTIPLY_ACCUMULATE_JOULES), device.number(Spec.IDLE_POWER, 0));
    }

    /** Of one step that takes so long: 8 x bytes x e_bit + multiply-accumulates x e_mac + idle power x time. */
    public double joules(Demand demand, double seconds) {
        return Energy.tokenJoules(demand.bytes(), joulesPerBit, demand.multiplyAccumulates(), joulesPerMac, idleWatts, seconds);
    }
}
