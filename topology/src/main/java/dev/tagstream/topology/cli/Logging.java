package dev.tagstream.topology.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/** Log levels that a command chooses; the rest is in {@code logback.xml}. */
final class Logging {

  private Logging() {}

  static void configure(boolean debug) {
    if (debug) {
      level("dev.tagstream", Level.DEBUG);
      level("org.apache.kafka", Level.INFO);
    }
  }

  /** A service reports what happens to it; a command that ends soon reports what came of it. */
  static void service() {
    level("dev.tagstream", Level.INFO);
    level("org.apache.kafka.clients.NetworkClient", Level.WARN);
  }

  private static void level(String name, Level level) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory.getLogger(name) instanceof Logger logger) {
      logger.setLevel(level);
    }
  }
}
