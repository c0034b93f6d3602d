package dev.ondine.housecheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The trimmed JVM of the archive, whose modules {@code dist/pom.xml} names. */
final class PackagedJvmTest {

    private static final Pattern MODULES = Pattern.compile("<jvm\\.modules>(.*)</jvm\\.modules>");

    @ParameterizedTest
    @MethodSource("modules")
    void hasWhatAModuleRequires(String module) throws IOException {
        assertThat(packaged()).containsAll(required(module));
    }

    static List<String> modules() {
        return House.modules();
    }

    private static List<String> packaged() throws IOException {
        Matcher named = MODULES.matcher(Files.readString(House.ROOT.resolve("dist/pom.xml")));
        assertThat(named.find()).isTrue();
        return List.of(named.group(1).split(","));
    }

    private static List<String> required(String module) throws IOException {
        try (InputStream descriptor = Files.newInputStream(House.ROOT.resolve(module).resolve("target/classes/module-info.class"))) {
            return ModuleDescriptor.read(descriptor).requires().stream().map(ModuleDescriptor.Requires::name)
                    .filter(name -> name.startsWith("java.") || name.startsWith("jdk.")).toList();
        }
    }
}
