package dev.ondine.housecheck;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What a {@code pom.xml} says about modules and dependencies. */
record Pom(List<String> modules, List<Dependency> dependencies) {

    record Dependency(String group, String artifact, String scope) {
        boolean isTestOnly() {
            return scope.equals("test");
        }

        boolean isOurs() {
            return group.equals("dev.ondine");
        }
    }

    static Pom of(Path file) {
        try {
            Element project = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile()).getDocumentElement();
            List<String> modules = children(project, "modules").stream()
                    .flatMap(list -> children(list, "module").stream()).map(Element::getTextContent).toList();
            List<Dependency> dependencies = children(project, "dependencies").stream()
                    .flatMap(list -> children(list, "dependency").stream()).map(Pom::dependency).toList();
            return new Pom(modules, dependencies);
        } catch (Exception e) {
            throw new IllegalStateException(file + ": cannot be read", e);
        }
    }

    private static Dependency dependency(Element element) {
        return new Dependency(text(element, "groupId"), text(element, "artifactId"), text(element, "scope"));
    }

    private static String text(Element parent, String name) {
        return children(parent, name).stream().map(Element::getTextContent).findFirst().orElse("");
    }

    private static List<Element> children(Element parent, String name) {
        NodeList nodes = parent.getChildNodes();
        return IntStream.range(0, nodes.getLength()).mapToObj(nodes::item)
                .filter(Element.class::isInstance).map(Element.class::cast)
                .filter(element -> element.getTagName().equals(name)).toList();
    }
}
