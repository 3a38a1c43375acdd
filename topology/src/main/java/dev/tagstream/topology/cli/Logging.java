package dev.tagstream.topology.cli;

import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import dev.tagstream.topology.config.TagstreamConfig.LogFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/** Log levels and lines that a command chooses; the rest is in {@code logback.xml}. */
final class Logging {

  private static volatile boolean debug;

  private Logging() {}

  /** Whether to log what happens inside, whatever a command would rather have. */
  static void debug(boolean wanted) {
    debug = wanted;
    if (wanted) {
      level("dev.tagstream", Level.DEBUG);
      level("org.apache.kafka", Level.INFO);
    }
  }

  /** A service reports what happens to it; a command that ends soon reports what came of it. */
  static void service() {
    if (!debug) {
      level("dev.tagstream", Level.INFO);
    }
  }

  /** Brokers that go away are news once they have been there. */
  static void connected() {
    if (!debug) {
      level("org.apache.kafka.clients.NetworkClient", Level.WARN);
    }
  }

  /**
   * With a broker in the same process its log would bury the command's own lines: a killed client
   * alone makes it write pages. What matters to the command is thrown at it.
   */
  static void withEmbeddedBroker() {
    if (debug) {
      return;
    }
    level("kafka", Level.OFF);
    level("state.change.logger", Level.OFF);
    level("org.apache.kafka", Level.ERROR);
  }

  /**
   * How lines look from now on; whoever brings a logback file has decided that there.
   *
   * @param terminal whether a person watches
   */
  static void format(LogFormat format, boolean terminal) {
    boolean json = format == LogFormat.JSON || (format == LogFormat.AUTO && !terminal);
    if (json && System.getProperty(ClassicConstants.CONFIG_FILE_PROPERTY) == null) {
      consoles().forEach(JsonLines::writeTo);
    }
  }

  /** Whether every line on the console has to be a JSON object. */
  static boolean structured() {
    return consoles().anyMatch(JsonLines::isWrittenTo);
  }

  private static Stream<ConsoleAppender<ILoggingEvent>> consoles() {
    if (!(LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root)) {
      return Stream.empty();
    }
    List<ConsoleAppender<ILoggingEvent>> consoles = new ArrayList<>();
    root.iteratorForAppenders()
        .forEachRemaining(
            appender -> {
              if (appender instanceof ConsoleAppender<ILoggingEvent> console) {
                consoles.add(console);
              }
            });
    return consoles.stream();
  }

  private static void level(String name, Level level) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory.getLogger(name) instanceof Logger logger) {
      logger.setLevel(level);
    }
  }
}
