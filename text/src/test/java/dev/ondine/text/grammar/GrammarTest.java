package dev.ondine.text.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

class GrammarTest {

    private static final JsonMapper JSON = new JsonMapper();

    private static Grammar grammar(String schema) {
        return Grammar.ofJsonSchema(read(schema));
    }

    /** A schema, in which single quotes stand for double ones. */
    static Map<String, Object> read(String schema) {
        return JSON.readValue(schema.replace('\'', '"'), new TypeReference<>() { });
    }

    private static boolean accepts(Grammar grammar, String text) {
        GrammarMatcher matcher = grammar.matcher();
        return matcher.accept(text) && matcher.isComplete();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{'type':'object','properties':{'a':{'type':'integer'}}}                              | {'a': ~'5'}",
            "{'type':'object','properties':{'a':{'type':'integer'}}}                              | {'~b': 5}",
            "{'type':'object','properties':{'a':{}},'required':['a']}                             | {~}",
            "{'type':'object','properties':{'a':{},'b':{}}}                                       | {'b': 1~, 'a': 2}",
            "{'type':'object','properties':{'a':{}}}                                              | {'a':1~,}",
            "{'type':'object','properties':{'a':{'type':'null'}},'additionalProperties':true}     | {'x': 1, 'a~': 1}",
            "{'type':'object','additionalProperties':{'type':'boolean'}}                          | {'x': ~1}",
            "{'type':'object'}                                                                    | ~[]",
            "{'type':'array','items':{'type':'integer'},'minItems':2}                             | [1~]",
            "{'type':'array','items':{'type':'integer'},'maxItems':2}                             | [1,2~,3]",
            "{'prefixItems':[{'type':'integer'},{'type':'string'}],'items':false}                 | [1,'x'~,3]",
            "{'type':'string','minLength':2}                                                      | 'a~'",
            "{'type':'string','maxLength':2}                                                      | 'ab~c'",
            "{'type':'string','maxLength':1}                                                      | '\\ud83d\\ude00~\\ud83d'",
            "{'type':'string'}                                                                    | '\\ud83d\\u~0041'",
            "{'type':'string','pattern':'^[0-9]+$'}                                               | '12~a'",
            "{'type':'string','format':'date'}                                                    | '2023-02-2~9'",
            "{'type':'string','format':'uuid'}                                                    | '~z'",
            "{'enum':['red','green']}                                                             | 're~m'",
            "{'const':7}                                                                          | ~8",
            "{'type':'integer'}                                                                   | 1~.5",
            "{'type':'integer'}                                                                   | 0~1",
            "{'type':'integer','minimum':-3,'maximum':12}                                         | 1~3",
            "{'type':'integer','minimum':-3,'maximum':12}                                         | -~4",
            "{'type':'number','exclusiveMaximum':1}                                               | ~1",
            "{'type':'number','multipleOf':0.01}                                                  | 1.25~1",
            "{'type':'boolean'}                                                                   | tru~k",
            "{'type':['string','null']}                                                           | ~1",
            "{'anyOf':[{'type':'integer'},{'const':'x'}]}                                         | '~y'",
            "{'allOf':[{'type':'integer','minimum':3},{'maximum':5}]}                             | ~6",
            "{'$ref':'#/$defs/n','$defs':{'n':{'type':'object','properties':{'n':{'$ref':'#/$defs/n'}}}}} | {'n':{'n':{'~m':1}}}",
            "{'type':'object'}                                                                    | { ~  }",
            "{'type':'null'}                                                                      | null~ ",
            "true                                                                                 | {}~x"})
    void refusesTheFirstCharacterThatIsWrong(String schema, String marked) {
        Grammar grammar = schema.equals("true") ? Grammar.anyJsonObject() : grammar(schema);
        int wrong = marked.indexOf('~');
        String text = marked.replace("~", "").replace('\'', '"');
        GrammarMatcher matcher = grammar.matcher();
        assertThat(matcher.accept(text.substring(0, wrong))).as("the beginning").isTrue();
        String more = text.substring(wrong) + "?";
        assertThat(matcher.accept(more.substring(0, 1))).as("the wrong character").isFalse();
    }

    @Test
    void endsOnlyWhereTheValueIsWhole() {
        Grammar grammar = grammar("{'type':'object','properties':{'a':{'type':'integer','minimum':10,'maximum':99}},'required':['a']}");
        String text = "{\"a\": 42}";
        for (int end = 0; end <= text.length(); end++) {
            GrammarMatcher matcher = grammar.matcher();
            assertThat(matcher.accept(text.substring(0, end))).isTrue();
            assertThat(matcher.isComplete()).isEqualTo(end == text.length());
        }
    }

    @Test
    void integersAreExactlyThoseBetweenTheBounds() {
        Random random = new Random(7);
        for (int time = 0; time < 120; time++) {
            long low = random.nextLong(-1300, 1300);
            long high = low + random.nextLong(0, random.nextBoolean() ? 5 : 1500);
            boolean lowOpen = random.nextBoolean();
            boolean highOpen = random.nextBoolean();
            Grammar grammar = Grammar.ofJsonSchema(Map.of("type", "integer", lowOpen ? "exclusiveMinimum" : "minimum", low,
                    highOpen ? "exclusiveMaximum" : "maximum", high + 2));
            for (long value = -1500; value < 3000; value++) {
                boolean within = (lowOpen ? value > low : value >= low) && (highOpen ? value < high + 2 : value <= high + 2);
                assertThat(accepts(grammar, Long.toString(value))).as("%d in %d to %d", value, low, high).isEqualTo(within);
            }
        }
    }

    @Test
    void decimalsAreExactlyThoseBetweenTheBounds() {
        Random random = new Random(9);
        for (int time = 0; time < 400; time++) {
            BigDecimal low = decimal(random);
            BigDecimal high = low.add(decimal(random).abs());
            boolean open = random.nextBoolean();
            Map<String, Object> schema = new HashMap<>(Map.of("type", "number"));
            schema.put(open ? "exclusiveMinimum" : "minimum", low);
            schema.put(open ? "exclusiveMaximum" : "maximum", high);
            if (low.compareTo(high) < 0) {
                Grammar grammar = Grammar.ofJsonSchema(schema);
                for (int count = 0; count < 100; count++) {
                    BigDecimal value = random.nextInt(3) == 0 ? random.nextBoolean() ? low : high : decimal(random);
                    int below = value.compareTo(low);
                    int above = value.compareTo(high);
                    boolean within = open ? below > 0 && above < 0 : below >= 0 && above <= 0;
                    boolean written = !value.toPlainString().startsWith("-0") || value.signum() != 0;
                    assertThat(accepts(grammar, value.toPlainString())).as("%s in %s", value, schema).isEqualTo(within && written);
                }
            }
        }
    }

    private static BigDecimal decimal(Random random) {
        return BigDecimal.valueOf(random.nextLong(-3000, 3000), random.nextInt(4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"^[a-c]{2,4}$", "b+", "^(a|bc)?$", "^a|c$", "^(?:ab)*c", "[^ab]$", "^\\w-\\d$", "^.$", "a{2}",
            "^(a{1,2}b){2,3}$", "^[\\]a-]+$", "\\.", "^\\u0061b?", "^$|^aa$", "(?<n>a|b)c", "[\\d-]", "^a*?b", "\\$", "^[^\\W]+$",
            "^(?!ab)(?=.{2})[abc]+$", "^(?!.*bb)(?!-)a*[abc-]*$"})
    void patternsMatchWhatOtherEnginesMatch(String source) {
        Grammar grammar = Grammar.ofJsonSchema(Map.of("type", "string", "pattern", source));
        Pattern pattern = Pattern.compile(source);
        Random random = new Random(11);
        for (int count = 0; count < 2000; count++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(7); length > 0; length--) {
                text.append("aabbc-.]$1\n".charAt(random.nextInt(11)));
            }
            // Java's $ also matches before a line break at the end.
            boolean matches = pattern.matcher(text).find() && !(text.toString().endsWith("\n") && source.contains("$"));
            if (matches || !text.toString().endsWith("\n")) {
                assertThat(accepts(grammar, CodePointBytes.quoted(text.toString()))).as("%s in %s", source, text).isEqualTo(matches);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{'type':'object','properties':{'a':{'type':'strin'}}}   | #/properties/a/type: found 'strin', expected one of",
            "{'type':'object','properties':{'a':{'not':{}}}}         | #/properties/a: the keyword 'not' is not supported",
            "{'type':'array','uniqueItems':true}                     | #: the keyword 'uniqueItems' is not supported",
            "{'type':'array','contains':{}}                          | #: the keyword 'contains' is not supported",
            "{'if':{},'then':{}}                                     | #: the keyword 'if' is not supported",
            "{'type':'object','patternProperties':{'a':{}}}          | #: the keyword 'patternProperties' is not supported",
            "{'type':'object','minProperties':1}                     | #: the keyword 'minProperties' is not supported",
            "{'type':'number','multipleOf':3}                        | #/multipleOf: found 3, expected 1, 0.1, 0.01",
            "{'type':'string','format':'regex'}                      | #/format: found 'regex', expected one of the formats",
            "{'type':'string','pattern':'a(?=a)b'}                   | #/pattern: in the pattern 'a(?=a)b' at 4: found look-around",
            "{'type':'string','pattern':'(a'}                        | #/pattern: in the pattern '(a' at 2: expected ')'",
            "{'type':'string','pattern':'[b-a]'}                     | #/pattern: in the pattern",
            "{'type':'string','minLength':'3'}                       | #/minLength: found '3', expected a number",
            "{'type':'string','minLength':-1}                        | #/minLength: found -1, expected an integer from 0 on",
            "{'type':'string','misspelt':1}                          | #: the keyword 'misspelt' is not supported",
            "{'$ref':'#/$defs/none'}                                 | #/$ref: found the reference '#/$defs/none', but the schema",
            "{'$ref':'http://a/b'}                                   | #/$ref: found the reference 'http://a/b', expected one within",
            "{'$ref':'#'}                                            | #: the schema leads back to itself",
            "{'anyOf':[{'type':'null'},{'$ref':'#'}]}                | #: the schema leads back to itself",
            "{'anyOf':[]}                                            | #/anyOf: found an empty list",
            "{'anyOf':{}}                                            | #/anyOf: found an object, expected a list",
            "{'properties':{'a':5}}                                  | #/properties/a: found 5, expected a schema",
            "{'oneOf':[{'type':'integer'},{'type':'number'}]}        | #/oneOf: one value could meet both branch 0 and branch 1",
            "{'type':'integer','enum':['a']}                         | #: no value meets the schema",
            "{'type':'object','properties':{'n':{'$ref':'#'}},'required':['n']} | no text meets the grammar",
            "{'type':'string','maxLength':100000000}                 | more than 100000 states"})
    void refusesWhatItCannotHold(String schema, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> grammar(schema)).withMessageContaining(message);
    }

    @Test
    void ignoresWhatDoesNotRestrict() {
        Grammar grammar = grammar("{'$schema':'https://json-schema.org/draft/2020-12/schema','$id':'https://x/y','title':'t',"
                + "'description':'d','default':1,'examples':[1],'type':'integer','deprecated':true,"
                + "'x-order':3,'uniqueItems':false,'$comment':'c'}");
        assertThat(accepts(grammar, "12")).isTrue();
    }

    /** What the zod library writes for an e-mail address. */
    @Test
    void takesThePatternsOfSchemaLibraries() {
        Grammar grammar = Grammar.ofJsonSchema(Map.of("type", "string", "format", "email", "pattern", "^(?!\\.)(?!.*\\.\\.)"
                + "([A-Za-z0-9_'+\\-\\.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9\\-]*\\.)+[A-Za-z]{2,}$"));
        assertThat(accepts(grammar, "\"ada.l@example.org\"")).isTrue();
        assertThat(accepts(grammar, "\".ada@example.org\"")).isFalse();
        assertThat(accepts(grammar, "\"ada@example\"")).isFalse();
    }

    @Test
    void followsEscapedReferences() {
        Grammar grammar = grammar("{'$ref':'#/$defs/a~1b%25~0','$defs':{'a/b%~':{'const':1}}}");
        assertThat(accepts(grammar, "1")).isTrue();
    }

    /** Each would take ages or all memory if nothing bounded it. */
    static List<Map<String, ?>> hostileSchemas() {
        List<Map<String, ?>> schemas = new ArrayList<>();
        Map<String, Object> deep = Map.of("type", "null");
        for (int depth = 0; depth < 5_000; depth++) {
            deep = Map.of("items", deep);
        }
        schemas.add(deep);
        Map<String, Object> circle = new HashMap<>();
        circle.put("items", circle);
        schemas.add(circle);
        schemas.add(Map.of("type", "string", "pattern", "^(a|b)*a(a|b){30}$"));
        schemas.add(Map.of("type", "string", "pattern", "((a{1000}){1000}){1000}"));
        schemas.add(Map.of("type", "string", "pattern", "(".repeat(100_000)));
        schemas.add(Map.of("type", "array", "minItems", 1_000_000_000));
        schemas.add(Map.of("type", "integer", "minimum", new BigDecimal("1e999999999")));
        Map<String, Object> chain = new HashMap<>();
        Map<String, Object> doubling = new HashMap<>();
        for (int count = 0; count < 2_000; count++) {
            chain.put("d" + count, Map.of("$ref", "#/$defs/d" + (count + 1)));
            Map<String, ?> next = Map.of("$ref", "#/$defs/d" + (count + 1));
            doubling.put("d" + count, Map.of("allOf", List.of(next, Map.of("anyOf", List.of(next, next)))));
        }
        schemas.add(Map.of("$ref", "#/$defs/d0", "$defs", chain));
        schemas.add(Map.of("$ref", "#/$defs/d0", "$defs", doubling));
        List<Object> many = new ArrayList<>();
        List<Object> numbers = new ArrayList<>();
        for (int count = 0; count < 12; count++) {
            many.add(Map.of("anyOf", List.of(Map.of("minLength", count), Map.of("maxLength", 100 - count),
                    Map.of("pattern", "^a" + count))));
        }
        for (int count = 0; count < 2_000; count++) {
            numbers.add(Map.of("type", "integer", "minimum", count));
        }
        schemas.add(Map.of("allOf", many));
        schemas.add(Map.of("oneOf", numbers));
        return schemas;
    }

    @ParameterizedTest
    @MethodSource("hostileSchemas")
    void refusesHostileSchemasSoon(Map<String, ?> schema) {
        long start = System.nanoTime();
        assertThatIllegalArgumentException().isThrownBy(() -> Grammar.ofJsonSchema(schema));
        // Some tens of milliseconds; generous, since the machine may be busy.
        assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
    }

    @Test
    void ambiguousSchemasStaySmall() {
        Map<String, Object> list = Map.of("anyOf", List.of(Map.of("type", "array", "items", Map.of("$ref", "#/$defs/l"), "maxItems", 5),
                Map.of("type", "array", "items", Map.of("$ref", "#/$defs/l"), "maxItems", 6), Map.of("type", "null")));
        Grammar grammar = Grammar.ofJsonSchema(Map.of("$ref", "#/$defs/l", "$defs", Map.of("l", list)));
        GrammarMatcher matcher = grammar.matcher();
        assertThat(matcher.accept("[".repeat(40) + "]".repeat(40))).isTrue();
        assertThat(matcher.isComplete()).isTrue();
    }

    @Test
    void bouncesOffTheDepthThatParsersBear() {
        GrammarMatcher matcher = grammar("{'type':'array'}").matcher();
        int depth = 0;
        while (depth < 1_000 && matcher.accept("[")) {
            depth++;
        }
        assertThat(depth).isBetween(50, 128);
        assertThat(matcher.accept("]".repeat(depth))).isTrue();
        assertThat(matcher.isComplete()).isTrue();
    }

    @Test
    void recognisesObjectsInAnyDress() {
        Grammar grammar = Grammar.recognisedJsonObject();
        assertThat(accepts(grammar, "{ \t\"a\" :\r\n   [ 1.5e+300 , -0 , {} ] , \"\\u00e9\":\"é\"\n}")).isTrue();
        assertThat(grammar.matcher().accept("{'a'")).isFalse();
        assertThat(grammar.matcher().accept("{\"a\":01")).isFalse();
        assertThat(grammar.matcher().accept("{\"a\":\"\n")).isFalse();
    }
}
