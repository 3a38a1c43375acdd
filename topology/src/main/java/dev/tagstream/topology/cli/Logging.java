package dev.tagstream.topology.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/** Log levels that a command chooses; the rest is in {@code logback.xml}. */
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

  private static void level(String name, Level level) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory.getLogger(name) instanceof Logger logger) {
      logger.setLevel(level);
    }
  }
}
