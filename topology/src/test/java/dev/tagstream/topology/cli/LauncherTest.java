package dev.tagstream.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.topology.cli.LauncherSandbox.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher at the root of the repository, with stand-ins for Java and Maven. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {
  @TempDir Path folder;
  private LauncherSandbox sandbox;

  @BeforeEach
  void prepare() throws IOException {
    sandbox = new LauncherSandbox(folder);
    sandbox.installJava("17.0.15", "");
    sandbox.installMaven("");
  }

  @Test
  void withoutJavaOneSentenceSaysWhatToInstall() throws Exception {
    sandbox.uninstall("java");

    Result result = sandbox.run("config");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            "tagstream: Java is missing: install a JDK, version 17 or newer, or set JAVA_HOME to one.\n");
  }

  @Test
  void anOldJavaIsNamedWithItsVersion() throws Exception {
    for (String version : new String[] {"11.0.2", "1.8.0_392"}) {
      sandbox.installJava(version, "");

      Result result = sandbox.run("config");

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.err())
          .startsWith("tagstream: Java " + version + " is too old")
          .hasLineCount(1);
    }
  }

  @Test
  void aNewJavaIsTakenWhateverItsVersionLooksLike() throws Exception {
    for (String version : new String[] {"17", "21-ea", "25.0.1+8"}) {
      sandbox.installJava(version, "");

      assertThat(sandbox.run("config").exitCode()).as(version).isZero();
    }
  }

  @Test
  void withoutMavenOneSentenceSaysWhatToInstall() throws Exception {
    sandbox.uninstall("mvn");

    Result result = sandbox.run("config");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("Maven is missing").hasLineCount(1);
  }

  @Test
  void aRuntimeWithoutCompilerIsToldFromAJdk() throws Exception {
    sandbox.uninstall("javac");

    assertThat(sandbox.run("config").err()).contains("has no compiler").hasLineCount(1);
  }

  @Test
  void firstUseBuildsAndTheNextStartsAtOnce() throws Exception {
    Result first = sandbox.run("config", "--set", "a b");
    Result second = sandbox.run("config");

    assertThat(sandbox.mavenRuns()).isEqualTo(1);
    assertThat(first.err()).contains("tagstream: building", "tagstream: built in");
    assertThat(first.out())
        .contains("dev.tagstream.topology.cli.Cli config --set a b")
        .contains(":/m2/library.jar\" ");
    assertThat(second.err()).isEmpty();
  }

  @Test
  void theCommandLineStaysShortHoweverLongTheClassPathIs() throws Exception {
    sandbox.installJava("17", "all=\"$*\"; echo \"characters=${#all}\"");
    sandbox.installMaven("LONG=$(printf ':/some/folder/library-%s.jar' {1..300})");

    Result result = sandbox.run("config");

    assertThat(result.out()).contains(":/some/folder/library-300.jar");
    int characters = Integer.parseInt(result.out().replaceAll("(?s).*characters=(\\d+).*", "$1"));
    assertThat(characters).isLessThan(1_000);
  }

  @Test
  void aChangedSourceIsBuiltAndGoingBackFindsTheFormerBuild() throws Exception {
    sandbox.run("config");
    Path source = sandbox.home.resolve("topology/src/main/java/Main.java");
    String before = Files.readString(source);
    // A process that goes on running from the first build, so that it is kept.
    Path running;
    try (Stream<Path> builds = Files.list(sandbox.home.resolve("target/dist"))) {
      running =
          builds
              .filter(path -> Files.exists(path.resolve("java-options")))
              .findFirst()
              .orElseThrow();
    }
    Files.createFile(running.resolve("running/" + ProcessHandle.current().pid()));

    Files.writeString(source, "class Main { int changed; }");
    sandbox.run("config");
    assertThat(sandbox.mavenRuns()).isEqualTo(2);

    Files.writeString(source, before);
    assertThat(sandbox.run("config").out()).contains(running.getFileName().toString());
    assertThat(sandbox.mavenRuns()).isEqualTo(2);
  }

  @Test
  void aBuildThatIsInUseKeepsItsJarsAndAnUnusedOneIsRemoved() throws Exception {
    sandbox.installJava("17", "echo ready; exec sleep 30");
    Process running = sandbox.start(sandbox.home.resolve("tagstream"), sandbox.home, "run");
    try (var lines = running.inputReader()) {
      String classPath = lines.readLine();
      assertThat(lines.readLine()).isEqualTo("ready");
      Path jar = Path.of(classPath.replaceAll(".*-cp \"(.*?\\.jar):.*", "$1"));
      assertThat(jar).content().contains("built by run 1");

      sandbox.installJava("17", "");
      sandbox.write("topology/src/main/java/Main.java", "class Main { int two; }");
      sandbox.run("config");
      assertThat(jar).content().contains("built by run 1");

      running.destroy();
      assertThat(running.waitFor(10, TimeUnit.SECONDS)).isTrue();
      sandbox.write("topology/src/main/java/Main.java", "class Main { int three; }");
      sandbox.run("config");
      assertThat(jar).doesNotExist();
    } finally {
      running.destroyForcibly();
    }
  }

  @Test
  void twoStartedAtOnceBuildOnce() throws Exception {
    sandbox.installMaven("sleep 2");
    Path launcher = sandbox.home.resolve("tagstream");

    Process one = sandbox.start(launcher, sandbox.home, "config");
    Process two = sandbox.start(launcher, sandbox.home, "config");

    assertThat(LauncherSandbox.finish(one).exitCode()).isZero();
    assertThat(LauncherSandbox.finish(two).exitCode()).isZero();
    assertThat(sandbox.mavenRuns()).isEqualTo(1);
  }

  @Test
  void twoStartedAtOnceBuildOnceWithoutFlockToo() throws Exception {
    sandbox.uninstall("flock");
    twoStartedAtOnceBuildOnce();
  }

  @Test
  void aLockWhoseHolderDiedIsTakenOver() throws Exception {
    sandbox.uninstall("flock");
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    sandbox.write("target/dist/.lock.d/pid", dead.pid() + "\n");

    assertThat(sandbox.run("config").exitCode()).isZero();
  }

  @Test
  void aBuildThatFailsShowsItsErrorsAndTheNextStartTriesAgain() throws Exception {
    sandbox.installMaven("echo '[ERROR] Main.java:[1,1] cannot find symbol'; exit 1");

    Result result = sandbox.run("config");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("cannot find symbol").contains("build.log");
    sandbox.installMaven("");
    assertThat(sandbox.run("config").exitCode()).isZero();
  }

  @Test
  void aFullDiskIsSaidInOneSentence() throws Exception {
    sandbox.installMaven("echo 'java.io.IOException: No space left on device'; exit 1");

    assertThat(sandbox.run("config").err()).contains("tagstream: The disk is full: make room");
  }

  @Test
  void itRunsFromAnyFolderAndThroughALink() throws Exception {
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere/links"));
    Path relative = Path.of("..", "..", sandbox.home.getFileName().toString(), "tagstream");
    Path link = Files.createSymbolicLink(elsewhere.resolve("ts"), relative);
    Path linkToLink = Files.createSymbolicLink(folder.resolve("again"), link);

    Result result = LauncherSandbox.finish(sandbox.start(linkToLink, folder, "config"));

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("Cli config");
  }

  @Test
  void aPrebuiltFolderNeedsNoMaven() throws Exception {
    Path image = Files.createDirectories(folder.resolve("image"));
    Files.createDirectories(image.resolve("lib"));
    Path launcher = Files.copy(sandbox.home.resolve("tagstream"), image.resolve("tagstream"));
    sandbox.uninstall("mvn");

    Result result = LauncherSandbox.finish(sandbox.start(launcher, folder, "run"));

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains(image.toRealPath() + "/lib/*");
  }

  @Test
  void theSignalToStopReachesTheJvmItself() throws Exception {
    sandbox.installJava(
        "17", "trap 'echo stopping; exit 7' TERM; echo ready; while :; do sleep 0.1; done");
    Process process = sandbox.start(sandbox.home.resolve("tagstream"), sandbox.home, "run");
    try (var lines = process.inputReader()) {
      lines.readLine();
      assertThat(lines.readLine()).isEqualTo("ready");

      // By its handle: Process.destroy() would close the streams as well.
      process.toHandle().destroy();

      assertThat(lines.readLine()).isEqualTo("stopping");
      assertThat(process.waitFor()).isEqualTo(7);
    } finally {
      process.destroyForcibly();
    }
  }
}
