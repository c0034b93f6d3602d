package dev.ondine.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetadataTest {

    private static Metadata of(Object value) {
        return Metadata.of("model.gguf", Map.of("a.key", value));
    }

    @Test
    void readsAnIntegerOfAnyTypeThatFits() {
        TypedValue unsigned64 = new TypedValue(GgufType.UINT64, null, 7L);
        for (Object seven : new Object[] {(byte) 7, (short) 7, 7, 7L, TypedValue.unsigned(7), unsigned64}) {
            assertThat(of(seven).integer("a.key")).isEqualTo(7);
            assertThat(of(seven).longInteger("a.key", 0)).isEqualTo(7);
            assertThat(of(seven).number("a.key")).isEqualTo(7);
        }
    }

    @Test
    void readsNumbersOfAnyType() {
        assertThat(of(1.5f).number("a.key")).isEqualTo(1.5f);
        assertThat(of(1.5).number("a.key")).isEqualTo(1.5f);
        assertThat(of(new double[] {1.5, 2}).numbers("a.key")).containsExactly(1.5f, 2);
        assertThat(of(new float[] {1.5f}).numbers("a.key")).containsExactly(1.5f);
    }

    @Test
    void readsIntegersOfAnyType() {
        for (Object numbers : new Object[] {new byte[] {1, 2}, new short[] {1, 2}, new int[] {1, 2}, new long[] {1, 2}}) {
            assertThat(of(numbers).integers("a.key")).containsExactly(1, 2);
        }
    }

    @Test
    void fallsBackOnlyWhereTheKeyIsMissing() {
        Metadata metadata = of("text");
        assertThat(metadata.has("other")).isFalse();
        assertThat(metadata.string("other", "fallback")).isEqualTo("fallback");
        assertThat(metadata.integer("other", 3)).isEqualTo(3);
        assertThat(metadata.longInteger("other", 3)).isEqualTo(3);
        assertThat(metadata.number("other", 3)).isEqualTo(3);
        assertThat(metadata.flag("other", true)).isTrue();
        refuses(() -> metadata.integer("a.key", 3), "metadata key a.key is STRING text, expected an integer");
        refuses(() -> metadata.flag("a.key", true), "expected true or false");
        refuses(() -> metadata.number("a.key", 3), "expected a number");
    }

    @Test
    void namesAMissingKey() {
        refuses(() -> of(1).string("other"), "model.gguf: metadata key other is missing");
    }

    @Test
    void namesWhatItFoundAndExpected() {
        refuses(() -> of(1.5f).integer("a.key"), "is FLOAT32 1.5, expected an integer");
        refuses(() -> of(1L << 31).integer("a.key"), "is INT64 2147483648, expected an integer below 2^31");
        refuses(() -> of(new TypedValue(GgufType.UINT64, null, -1L)).integer("a.key"), "expected an integer below 2^63");
        refuses(() -> of(7).string("a.key"), "is INT32 7, expected a string");
        refuses(() -> of(new int[3]).strings("a.key"), "is an array of 3 INT32, expected an array of strings");
        refuses(() -> of(new long[] {1L << 40}).integers("a.key"), "expected integers below 2^31");
        refuses(() -> of(new String[1]).integers("a.key"), "expected an array of integers");
        refuses(() -> of(new int[1]).numbers("a.key"), "expected an array of floating-point numbers");
    }

    @Test
    void handsOutCopiesOfArrays() {
        Metadata metadata = of(new int[] {1, 2});
        metadata.integers("a.key")[0] = 9;
        assertThat(metadata.integers("a.key")).containsExactly(1, 2);
    }

    @Test
    void keepsTheOrderOfItsKeys() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("z", 1);
        values.put("a", 2);
        assertThat(Metadata.of("model.gguf", values).keys()).containsExactly("z", "a");
    }

    @Test
    void refusesValuesThatNoFileCanHold() {
        assertThatThrownBy(() -> of(new Object())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TypedValue(GgufType.UINT32, null, 7)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("UINT32 must be a Long, found a Integer");
        assertThatThrownBy(() -> TypedValue.array(GgufType.ARRAY, new TypedValue[] {TypedValue.of(1)}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void refuses(Runnable access, String problem) {
        assertThatThrownBy(access::run).isInstanceOf(ModelFileException.class).hasMessageContaining(problem);
    }
}
