import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run of hasim, a simulated HA client with its appliances, told and asked over its HTTP API. It needs no JSON library:
 * of the answers it reads a word or a number, and what has labels comes from /metrics, which has one value on each line.
 *
 * The program is $HASIM, or hasim on PATH; the configuration is $HASIM_CONF.
 */
final class Hasim implements AutoCloseable {
    /** Simulated seconds in a real one: ReceiveTimeout is 2 s, and members are tried again every 6 s. */
    private static final int SPEED = 10;

    private final HttpClient http = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();
    private final Thread atExit = new Thread(this::kill);
    private final Path said;
    private final Process process;
    private final String url;

    /** Starts it, and returns once every client is logged in to every group. All that it writes is in the folder. */
    Hasim(Path folder) throws IOException, InterruptedException {
        said = folder.resolve("hasim.err");
        String program = System.getenv().getOrDefault("HASIM", "hasim");
        String conf = Objects.requireNonNull(System.getenv("HASIM_CONF"), "name your Chrystoki.conf in $HASIM_CONF");
        ProcessBuilder builder = new ProcessBuilder(program, "run", "--conf", conf,
                "--log-dir", folder.resolve("log").toString(), "--speed", String.valueOf(SPEED), "--http", "0",
                "--for", "30m"); // 3 minutes of real time: it ends by itself, even if this JVM is killed before
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(said.toFile());
        // A runtime folder of its own: `hasim ctl` at your terminal does not find the hasims of tests.
        builder.environment().put("XDG_RUNTIME_DIR", folder.toString());
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            url = untilReady();
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    private String untilReady() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!Files.readString(said).contains("ready: ")) {
            if (!process.isAlive()) {
                throw new IOException("hasim ended with " + process.exitValue() + ":\n" + Files.readString(said));
            }
            if (System.nanoTime() > end) {
                throw new IOException("hasim was not ready within 30 s:\n" + Files.readString(said));
            }
            Thread.sleep(20);
        }
        Matcher address = Pattern.compile("http://\\S+/").matcher(Files.readString(said));
        if (!address.find()) {
            throw new IOException("hasim does not say where it is:\n" + Files.readString(said));
        }
        return address.group();
    }

    /** Breaks or heals something, in the words of `hasim faults`; each line is one thing to do. */
    void perform(String... lines) throws IOException, InterruptedException {
        ask("api/v1/commands", BodyPublishers.ofString(String.join("\n", lines)));
    }

    /** Whether such a line is in the HA log since the last thing that was done, or comes within this real time. */
    boolean writes(String line, Duration limit) throws IOException, InterruptedException {
        String quoted = line.replace("\\", "\\\\").replace("\"", "\\\"");
        String wanted = "{\"line\":\"" + quoted + "\",\"timeout\":\"" + limit.toMillis() + "ms\"}";
        return ask("api/v1/wait", BodyPublishers.ofString(wanted)).contains("\"found\":true");
    }

    /** Returns once such a line is in the HA log, and fails the test when it does not come. */
    void waitFor(String line, Duration limit) throws IOException, InterruptedException {
        if (!writes(line, limit)) {
            throw new AssertionError("no line '" + line + "' within " + limit.toMillis() + " ms; the state is " + state());
        }
    }

    /** Fifteen seconds are 150 s of simulated time. */
    void waitFor(String line) throws IOException, InterruptedException {
        waitFor(line, Duration.ofSeconds(15));
    }

    /** The sum of a metric's values over what has all of these labels, each written as in {@code result="ok"}. */
    double metric(String name, String... labels) throws IOException, InterruptedException {
        List<String> samples = ask("metrics", null).lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> Arrays.stream(labels).allMatch(line::contains))
                .toList();
        if (samples.isEmpty()) {
            throw new AssertionError("hasim has no metric " + name + " with " + String.join(", ", labels));
        }
        return samples.stream().mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }

    /** How long the longest call took so far, in seconds of simulated time. */
    double longestCall() throws IOException, InterruptedException {
        String state = state();
        Matcher longest = Pattern.compile("\"longest\":([0-9.]+)").matcher(state);
        if (!longest.find()) {
            throw new AssertionError("the state has no longest call: " + state);
        }
        return Double.parseDouble(longest.group(1));
    }

    /** All there is to know of the run, as JSON: for failure messages, or for your JSON library. */
    String state() throws IOException, InterruptedException {
        return ask("api/v1/state", null);
    }

    /** What was done so far and what came of it, as a file for `hasim test`. */
    String scenario() throws IOException, InterruptedException {
        return ask("api/v1/scenario", null);
    }

    private String ask(String path, HttpRequest.BodyPublisher body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofMinutes(2));
        HttpResponse<String> answer = http.send((body == null ? request : request.POST(body)).build(), BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalArgumentException("hasim refuses " + path + ": " + answer.body());
        }
        return answer.body();
    }

    /** Ends it, whatever state it is in. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("hasim did not end within 10 s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            kill();
            try {
                Runtime.getRuntime().removeShutdownHook(atExit);
            } catch (IllegalStateException leaving) {
                // The JVM is on its way out already, and ends hasim there.
            }
        }
    }

    private void kill() {
        process.destroyForcibly();
    }
}
