package dev.ondine.housecheck;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import dev.ondine.housecheck.Pom.Dependency;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class FloorsTest {

    private static final Set<String> JDK_ALONE = Set.of("tensor", "kernels", "files", "roofline", "models", "engine");

    private static final Pattern OUR_PACKAGE = Pattern.compile("dev\\.ondine\\.(\\w+)");

    @Test
    void everyModuleHasAFloor() {
        assertThat(House.FLOORS.keySet()).containsAll(House.modules());
    }

    @ParameterizedTest
    @MethodSource("modules")
    void dependsOnLowerFloorsOnly(String module) {
        assertThat(dependencies(module)).filteredOn(Dependency::isOurs).extracting(Dependency::artifact)
                .allSatisfy(lower -> assertThat(House.FLOORS).extractingByKey(lower).as(lower).isNotNull()
                        .satisfies(floor -> assertThat(floor).isLessThan(House.FLOORS.get(module))));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void classesUseLowerFloorsOnly(String module) {
        noClasses().that().resideInAPackage(packages(module))
                .should().dependOnClassesThat(describe("are of the same or a higher floor", used -> isAtOrAbove(module, used)))
                .allowEmptyShould(true).check(House.CLASSES);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void pomNamesEveryModuleThatIsUsed(String module) {
        Set<String> used = House.CLASSES.stream().filter(type -> moduleOf(type).equals(module))
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream()).map(dependency -> moduleOf(dependency.getTargetClass()))
                .filter(other -> !other.isEmpty() && !other.equals(module)).collect(Collectors.toSet());
        assertThat(dependencies(module)).extracting(Dependency::artifact).containsAll(used);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void foundationDependsOnTheJdkAlone(String module) {
        if (JDK_ALONE.contains(module)) {
            assertThat(dependencies(module)).allMatch(Dependency::isOurs);
        }
    }

    static List<String> modules() {
        return House.modules();
    }

    private static List<Dependency> dependencies(String module) {
        return Pom.of(House.ROOT.resolve(module).resolve("pom.xml")).dependencies().stream()
                .filter(dependency -> !dependency.isTestOnly()).toList();
    }

    private static boolean isAtOrAbove(String module, JavaClass used) {
        String other = moduleOf(used);
        return !other.isEmpty() && !other.equals(module) && House.FLOORS.getOrDefault(other, Integer.MAX_VALUE) >= House.FLOORS.get(module);
    }

    /** The module that a class of ours is in; empty for the JDK's and libraries'. */
    private static String moduleOf(JavaClass type) {
        Matcher ours = OUR_PACKAGE.matcher(type.getPackageName());
        return ours.lookingAt() ? ours.group(1) : "";
    }

    private static String packages(String module) {
        return "dev.ondine." + module + "..";
    }
}
