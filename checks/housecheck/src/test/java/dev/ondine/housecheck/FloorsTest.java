package dev.ondine.housecheck;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import dev.ondine.housecheck.Pom.Dependency;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class FloorsTest {

    private static final Set<String> JDK_ALONE = Set.of("tensor", "kernels", "files", "roofline", "models", "engine");

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
        return House.FLOORS.keySet().stream()
                .filter(other -> !other.equals(module) && House.FLOORS.get(other) >= House.FLOORS.get(module))
                .anyMatch(other -> (used.getPackageName() + ".").startsWith("dev.ondine." + other + "."));
    }

    private static String packages(String module) {
        return "dev.ondine." + module + "..";
    }
}
