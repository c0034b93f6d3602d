package dev.ondine.housecheck;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.lang.foreign.Arena;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ClassRulesTest {

    private static final String CLI = "dev.ondine.cli..";

    @Test
    void seesTheWholeProgram() {
        assertThat(House.CLASSES).extracting(JavaClass::getPackageName).contains("dev.ondine.tensor", "dev.ondine.cli");
    }

    @Test
    void onlyThoseWhoStartReadPropertiesAndTheEnvironment() {
        noClasses().that().resideOutsideOfPackages(CLI, "dev.ondine.api.start..")
                .should().callMethodWhere(target(nameMatching("getProperty|getProperties|getenv|getInteger|getLong|getBoolean"))
                        .and(target(owner(nameMatching("java\\.lang\\.(System|Integer|Long|Boolean)")))))
                .check(House.CLASSES);
    }

    @Test
    void onlyCliEndsTheProcess() {
        noClasses().that().resideOutsideOfPackage(CLI)
                .should().callMethod(System.class, "exit", int.class)
                .orShould().callMethod(Runtime.class, "exit", int.class)
                .orShould().callMethod(Runtime.class, "halt", int.class)
                .check(House.CLASSES);
    }

    @Test
    void onlyKernelsTouchesTheVectorApi() {
        noClasses().that().resideOutsideOfPackage("dev.ondine.kernels..")
                .should().dependOnClassesThat().resideInAPackage("jdk.incubator..")
                .check(House.CLASSES);
    }

    @Test
    void everyArenaHasAnOwner() {
        noClasses().should().callMethod(Arena.class, "global").check(House.CLASSES);
    }

    @Test
    void noStaticFieldChanges() {
        fields().that().areStatic().and().doNotHaveModifier(JavaModifier.SYNTHETIC).should().beFinal().check(House.CLASSES);
    }

    @Test
    void namesSayWhatAThingIs() {
        classes().should().haveSimpleNameNotStartingWith("Abstract")
                .andShould().haveNameNotMatching(".*(Impl|Utils?|Helper|Manager)")
                .andShould().haveNameNotMatching(".*[.$](Block|Session|Context)")
                .check(House.CLASSES);
    }

    @Test
    void publicTypesHaveNamesOfTheirOwn() {
        assertThat(House.CLASSES.stream()
                .filter(type -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                .collect(Collectors.groupingBy(JavaClass::getSimpleName, Collectors.mapping(JavaClass::getName, Collectors.toList()))))
                .allSatisfy((name, types) -> assertThat(types).hasSize(1));
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("dev.ondine.(**)").should().beFreeOfCycles().check(House.CLASSES);
    }
}
