package dev.tagstream.topology.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One process of the application, started again under the same number after each kill. */
final class ChildInstance implements AutoCloseable {

  private static final int LOG_TAIL_CHARS = 4_000;

  private final List<String> command;
  private final Path log;
  private final Thread endWithUs = new Thread(this::kill);
  private Process process;

  ChildInstance(List<String> command, Path log) {
    this.command = command;
    this.log = log;
    this.process = launch();
    Runtime.getRuntime().addShutdownHook(endWithUs);
  }

  long pid() {
    return process.pid();
  }

  /** SIGKILL: no hook runs, nothing is flushed, no broker is told. */
  void kill() {
    process.destroyForcibly();
  }

  void restart() {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process = launch();
  }

  /**
   * Makes sure that the process runs.
   *
   * @throws DrillException if the process has ended, which only the drill may bring about
   */
  void checkAlive() {
    if (!process.isAlive()) {
      throw new DrillException(
          "An instance ended by itself with exit code %d; the end of its log %s:%n%s"
              .formatted(process.exitValue(), log, logTail()));
    }
  }

  String logTail() {
    try {
      String text = Files.readString(log);
      return text.substring(Math.max(0, text.length() - LOG_TAIL_CHARS));
    } catch (IOException e) {
      return "(unreadable: " + e.getMessage() + ")";
    }
  }

  @Override
  public void close() {
    kill();
    try {
      Runtime.getRuntime().removeShutdownHook(endWithUs);
      process.waitFor();
    } catch (IllegalStateException e) {
      // This process is ending; the hook does what close() would.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Process launch() {
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not start " + command.get(0), e);
    }
  }
}
