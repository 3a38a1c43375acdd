package dev.tagstream.topology.cli;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far a command is: a bar for a person who watches, now and then a line for a log. */
interface Progress extends AutoCloseable {

  /** One more is done. Any thread. */
  void step();

  @Override
  void close();

  static Progress of(Terminal terminal, String task, long total) {
    return terminal.interactive()
        ? new Bar(terminal, task, total)
        : new Lines(terminal, task, total);
  }

  /** A bar on one line, without colour. */
  final class Bar implements Progress {
    private static final int WIDTH = 78;

    private final Terminal terminal;
    private final ProgressBar bar;

    Bar(Terminal terminal, String task, long total) {
      this.terminal = terminal;
      this.bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .showSpeed()
              .setConsumer(
                  new DelegatingProgressBarConsumer(
                      line -> {
                        terminal.err().print("\r" + line);
                        terminal.err().flush();
                      },
                      WIDTH))
              .build();
    }

    @Override
    public void step() {
      bar.step();
    }

    @Override
    public void close() {
      bar.close();
      terminal.err().println();
    }
  }

  /** A line every few seconds. */
  final class Lines implements Progress {
    private static final long NANOS_BETWEEN = TimeUnit.SECONDS.toNanos(5);

    private final Terminal terminal;
    private final String task;
    private final long total;
    private long done;
    private long lastLine = System.nanoTime();

    Lines(Terminal terminal, String task, long total) {
      this.terminal = terminal;
      this.task = task;
      this.total = total;
    }

    @Override
    public synchronized void step() {
      done++;
      if (System.nanoTime() - lastLine > NANOS_BETWEEN) {
        lastLine = System.nanoTime();
        terminal.err().println(String.format(Locale.ROOT, "%s: %,d of %,d", task, done, total));
      }
    }

    @Override
    public void close() {}
  }
}
