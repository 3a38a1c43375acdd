package dev.tagstream.topology.cli;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far a command is: a bar for a person who watches, now and then a line for a log. */
interface Progress extends AutoCloseable {
  long MIB = 1L << 20;

  /** One more is done. Any thread. */
  void step();

  /** So many are done. */
  void to(long done);

  @Override
  void close();

  static Progress of(Terminal terminal, String task, long total) {
    return terminal.interactive()
        ? new Bar(terminal, task, total, 1, "")
        : new Lines(terminal, task, total, 1, "");
  }

  /** The same in MiB; what is reported is bytes. */
  static Progress ofBytes(Terminal terminal, String task, long total) {
    return terminal.interactive()
        ? new Bar(terminal, task, total, MIB, " MiB")
        : new Lines(terminal, task, total, MIB, " MiB");
  }

  /** A bar on one line, without colour. */
  final class Bar implements Progress {
    private static final int WIDTH = 78;

    private final Terminal terminal;
    private final ProgressBar bar;

    Bar(Terminal terminal, String task, long total, long unit, String unitName) {
      this.terminal = terminal;
      this.bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              .setUnit(unitName, unit)
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
    public void to(long done) {
      bar.stepTo(done);
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
    private final long unit;
    private final String unitName;
    private long done;
    private long lastLine = System.nanoTime();

    Lines(Terminal terminal, String task, long total, long unit, String unitName) {
      this.terminal = terminal;
      this.task = task;
      this.total = total;
      this.unit = unit;
      this.unitName = unitName;
    }

    @Override
    public synchronized void step() {
      to(done + 1);
    }

    @Override
    public synchronized void to(long reached) {
      done = reached;
      if (System.nanoTime() - lastLine > NANOS_BETWEEN) {
        lastLine = System.nanoTime();
        terminal
            .err()
            .println(
                String.format(
                    Locale.ROOT, "%s: %,d of %,d%s", task, done / unit, total / unit, unitName));
      }
    }

    @Override
    public void close() {}
  }
}
