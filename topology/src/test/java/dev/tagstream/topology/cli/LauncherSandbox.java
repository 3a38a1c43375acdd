package dev.tagstream.topology.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A copy of the launcher in a tree of its own, with a PATH that holds only what a test puts there:
 * stand-ins for Java and Maven, and links to the ordinary tools.
 */
final class LauncherSandbox {
  private static final List<String> TOOLS =
      List.of(
          "awk",
          "basename",
          "bash",
          "cat",
          "cp",
          "cut",
          "df",
          "dirname",
          "env",
          "find",
          "grep",
          "head",
          "ln",
          "mkdir",
          "mv",
          "paste",
          "readlink",
          "rm",
          "sed",
          "sha256sum",
          "shasum",
          "sleep",
          "sort",
          "tail",
          "touch",
          "tr",
          "xargs");

  final Path home;
  private final Path bin;

  /** What a run came to. */
  record Result(int exitCode, String out, String err) {}

  LauncherSandbox(Path folder) throws IOException {
    home = Files.createDirectories(folder.resolve("home with a space"));
    bin = Files.createDirectories(folder.resolve("bin"));
    TOOLS.forEach(this::link);
    link("flock");
    Files.copy(Path.of("..", "tagstream"), home.resolve("tagstream"));
    write("pom.xml", "<project/>");
    write("topology/src/main/java/Main.java", "class Main {}");
    Files.createDirectories(home.resolve("schemas"));
    Files.createDirectories(home.resolve("model"));
  }

  Path write(String path, String text) throws IOException {
    Path file = home.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /** A Java that says its version, prints its arguments, then does what is given. */
  void installJava(String version, String behaviour) throws IOException {
    script(
        "java",
        """
        if [ "$1" = -version ]; then echo 'openjdk version "%s" 2025-01-01' >&2; exit 0; fi
        line=java
        for argument; do
          case $argument in
            @*) line="$line $(cat "${argument#@}")" ;;
            *) line="$line $argument" ;;
          esac
        done
        echo "$line"
        %s
        """
            .formatted(version, behaviour));
    script("javac", "exit 0");
  }

  /** A Maven that counts its runs and leaves what the launcher takes from a build. */
  void installMaven(String behaviour) throws IOException {
    script(
        "mvn",
        """
        if [ "$1" = -v ]; then echo 'Apache Maven 3.8.7'; exit 0; fi
        echo run >>maven-runs
        echo '[INFO] Building Tagstream Topology 0.1.0 [5/5]'
        %s
        mkdir -p topology/target model/target
        echo "built by run $(grep -c run maven-runs)" >topology/target/tagstream-topology-0.1.0.jar
        echo model >model/target/tagstream-model-0.1.0.jar
        printf '%%s' "$PWD/model/target/tagstream-model-0.1.0.jar:/m2/library.jar$LONG" >topology/target/classpath.txt
        """
            .formatted(behaviour));
  }

  void uninstall(String tool) throws IOException {
    Files.deleteIfExists(bin.resolve(tool));
  }

  long mavenRuns() throws IOException {
    Path runs = home.resolve("maven-runs");
    return Files.exists(runs) ? Files.readAllLines(runs).size() : 0;
  }

  Result run(String... arguments) throws IOException, InterruptedException {
    return finish(start(home.resolve("tagstream"), home, arguments));
  }

  Process start(Path launcher, Path workingFolder, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(bin.resolve("bash").toString(), launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(workingFolder.toFile());
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", bin.toString());
    environment.put("HOME", home.toString());
    return builder.start();
  }

  static Result finish(Process process) throws IOException, InterruptedException {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("the launcher did not end: " + err);
    }
    return new Result(process.exitValue(), out, err);
  }

  private void script(String name, String body) throws IOException {
    Path file = bin.resolve(name);
    Files.deleteIfExists(file);
    Files.writeString(file, "#!" + bin.resolve("bash") + "\n" + body);
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + file + " executable");
    }
  }

  private void link(String tool) {
    Path real = which(tool);
    if (real != null) {
      try {
        Files.createSymbolicLink(bin.resolve(tool), real);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static @Nullable Path which(String tool) {
    return Pattern.compile(":")
        .splitAsStream(System.getenv("PATH"))
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }
}
