package dev.tagstream.topology.cli;

import dev.tagstream.model.hub.ModelReference;
import dev.tagstream.model.hub.PullProgress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far a pull is, for a person or a log. */
final class TransferProgress implements PullProgress, AutoCloseable {
  private final Terminal terminal;
  private final ModelReference model;
  private final Map<String, Long> startedAt = new HashMap<>();
  private final Map<String, Long> reached = new HashMap<>();
  private @Nullable Progress shown;

  TransferProgress(Terminal terminal, ModelReference model) {
    this.terminal = terminal;
    this.model = model;
  }

  @Override
  public void waiting() {
    terminal.err().println("Another process is pulling " + model + "; waiting for it.");
  }

  @Override
  public void planned(String commit, int files, long bytes) {
    if (files == 0) {
      terminal.err().printf("%s is here already, at commit %s.%n", model, commit);
      return;
    }
    terminal
        .err()
        .printf(
            Locale.ROOT,
            "Fetching %d files, %,d MiB, of %s at commit %s.%n",
            files,
            bytes >> 20,
            model,
            commit);
    shown = Progress.ofBytes(terminal, "pulling", bytes);
  }

  @Override
  public void at(String file, long bytes, long size) {
    // What an earlier try brought is not part of what is left to do.
    startedAt.merge(file, bytes, Math::min);
    reached.put(file, bytes);
    if (shown != null) {
      long done = reached.values().stream().mapToLong(Long::longValue).sum();
      long before = startedAt.values().stream().mapToLong(Long::longValue).sum();
      shown.to(done - before);
    }
  }

  @Override
  public void restarted(String file) {
    terminal.err().println("What was here of " + file + " is not part of it; starting it over.");
  }

  @Override
  public void close() {
    if (shown != null) {
      shown.close();
    }
  }
}
