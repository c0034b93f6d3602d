package dev.ondine.housecheck;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

final class SourceRulesTest {

    private static final int MOST_FILE_LINES = 600;
    private static final int MOST_METHOD_LINES = 60;
    private static final int MOST_LINES_OF_THE_READING_PATH = 2_500;

    /** In two parts, or the rule would find itself. */
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b");

    /** The target of a link. */
    private static final Pattern NAMED_FILE = Pattern.compile("]\\(([^)#:]+)[^)]*\\)");

    /** The simple name of a type in code marks, maybe with a folder before it, a member or the file's ending after it. */
    private static final Pattern NAMED_TYPE = Pattern.compile("`(?:[\\w./…-]+/)?([A-Z]\\w*[a-z]\\w*)(?:\\.\\w+)*`");

    @Test
    void filesStayReadable() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : sourcesOutsideKernels()) {
            int lines = Files.readAllLines(file).size();
            if (lines > MOST_FILE_LINES) {
                tooLong.add(shown(file) + ": " + lines + " lines");
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void methodsStayReadable() throws IOException {
        assertThat(methodsOver(MOST_METHOD_LINES, sourcesOutsideKernels())).isEmpty();
    }

    @Test
    void methodLengthsAreMeasured() throws IOException {
        Path self = House.ROOT.resolve("checks/housecheck/src/test/java/dev/ondine/housecheck/SourceRulesTest.java");
        assertThat(methodsOver(8, List.of(self))).anyMatch(line -> line.contains("filesStayReadable"));
    }

    @Test
    void nothingIsLeftUnfinished() throws IOException {
        List<String> unfinished = new ArrayList<>();
        for (Path file : House.allSources()) {
            if (UNFINISHED.matcher(Files.readString(file)).find()) {
                unfinished.add(shown(file));
            }
        }
        assertThat(unfinished).isEmpty();
    }

    @Test
    void readingPathIsShortAndNamesExistingFiles() throws IOException {
        Path document = House.ROOT.resolve("docs/reading-path.md");
        List<Path> named = NAMED_FILE.matcher(Files.readString(document)).results()
                .map(match -> document.resolveSibling(match.group(1))).toList();
        assertThat(named).isNotEmpty().allSatisfy(file -> assertThat(file).isRegularFile());
        int lines = 0;
        for (Path file : named) {
            lines += Files.readAllLines(file).size();
        }
        assertThat(lines).isLessThan(MOST_LINES_OF_THE_READING_PATH);
    }

    @Test
    void documentsNameTypesThatExist() throws IOException {
        Set<String> known = House.allSources().stream().map(file -> file.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
        try (Stream<Path> documents = Files.walk(House.ROOT.resolve("docs"))) {
            for (Path document : documents.filter(file -> file.toString().endsWith(".md")).toList()) {
                assertThat(NAMED_TYPE.matcher(Files.readString(document)).results().map(match -> match.group(1))
                        .filter(name -> !known.contains(name))).as(shown(document)).isEmpty();
            }
        }
    }

    private static List<Path> sourcesOutsideKernels() {
        return House.mainSources().stream().filter(file -> !file.startsWith(House.ROOT.resolve("kernels"))).toList();
    }

    private static List<String> methodsOver(int lines, List<Path> files) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            List<String> found = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) {
                new LongMethods(unit, positions, lines, found).scan(unit, null);
            }
            return found;
        }
    }

    private static String shown(Path file) {
        return House.ROOT.relativize(file).toString();
    }

    private static final class LongMethods extends TreePathScanner<Void, Void> {

        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final int mostLines;
        private final List<String> found;

        LongMethods(CompilationUnitTree unit, SourcePositions positions, int mostLines, List<String> found) {
            this.unit = unit;
            this.positions = positions;
            this.mostLines = mostLines;
            this.found = found;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            LineMap map = unit.getLineMap();
            long first = map.getLineNumber(positions.getStartPosition(unit, method));
            long lines = map.getLineNumber(positions.getEndPosition(unit, method)) - first + 1;
            if (lines > mostLines) {
                found.add(shown(Path.of(unit.getSourceFile().toUri())) + ":" + first + " " + method.getName() + ": " + lines + " lines");
            }
            return super.visitMethod(method, nothing);
        }
    }
}
