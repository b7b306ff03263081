import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives each test that has a parameter of type {@link Hasim} a fresh one, and ends it after the test. */
public final class HasimExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(HasimExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == Hasim.class;
    }

    @Override
    public Hasim resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return test.getStore(NAMESPACE).getOrComputeIfAbsent("run", key -> new Run(), Run.class).hasim;
    }

    /** JUnit closes it when the test is over, however it ended. */
    private static final class Run implements CloseableResource {
        private final Path folder;
        private final Hasim hasim;

        Run() {
            try {
                folder = Files.createTempDirectory("hasim-");
                hasim = new Hasim(folder);
            } catch (Exception problem) {
                throw new ParameterResolutionException("hasim cannot be started: " + problem.getMessage(), problem);
            }
        }

        @Override
        public void close() throws Exception {
            hasim.close();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
