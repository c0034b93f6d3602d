package dev.ondine.kernels;

/**
 * The JDK's Vector API module, {@code jdk.incubator.vector}, added to the running program when it is first needed.
 *
 * <p>Naming it on the command line would work too, but then the JVM prints a warning at every start and keeps no module graph in
 * its AOT cache, which costs each command tens of milliseconds. Adding it later needs
 * {@code --add-exports=java.base/jdk.internal.module=ALL-UNNAMED}, which the manifest of the program's jar gives.
 */
public final class VectorModule {

    private static final String NAME = "jdk.incubator.vector";

    private VectorModule() {
    }

    /**
     * Adds the module unless it is there; called before the first use of a class that mentions vectors.
     *
     * @return whether vectors can be used; false on a JVM that lacks the module or was started without the export
     */
    public static boolean load() {
        if (ModuleLayer.boot().findModule(NAME).isPresent()) {
            return true;
        }
        try {
            Class.forName("jdk.internal.module.Modules").getMethod("loadModule", String.class).invoke(null, NAME);
            return true;
        } catch (ReflectiveOperationException unavailable) {
            return false;
        }
    }
}
