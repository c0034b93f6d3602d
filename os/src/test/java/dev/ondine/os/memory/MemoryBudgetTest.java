package dev.ondine.os.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ondine.models.CapacityException;
import dev.ondine.os.memory.MemoryBudget.Holding;
import dev.ondine.os.memory.MemoryBudget.Use;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

    @Test
    void knowsWhoHoldsWhat() {
        MemoryBudget budget = new MemoryBudget(100);
        MemoryBudget.Claim weights = budget.claim("pebble", Use.WEIGHTS, 60);
        MemoryBudget.Claim cache = budget.claim("pebble", Use.KV_CACHE, 10);
        assertThat(budget.holdings()).containsExactly(new Holding("pebble", Use.WEIGHTS, 60), new Holding("pebble", Use.KV_CACHE, 10));
        assertThat(cache.resize(41)).isFalse();
        assertThat(cache.resize(40)).isTrue();
        assertThat(budget.freeBytes()).isZero();
        assertThatThrownBy(() -> budget.claim("notes", Use.INDEX, 1)).isInstanceOf(CapacityException.class)
                .hasMessage("notes needs 1 bytes, the budget has 0 of 100 left; unload something or raise the budget");
        weights.close();
        weights.close();
        assertThat(budget.freeBytes()).isEqualTo(60);
        assertThat(cache.resize(-1)).isFalse();
        assertThatThrownBy(() -> new MemoryBudget(-1)).hasMessageContaining("expected 0 or more");
    }
}
