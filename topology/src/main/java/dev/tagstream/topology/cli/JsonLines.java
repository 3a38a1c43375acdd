package dev.tagstream.topology.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.fieldnames.LogstashCommonFieldNames;
import net.logstash.logback.fieldnames.LogstashFieldNames;

/**
 * Log lines as JSON objects: timestamp (UTC), level, logger, thread, message, the fields of the
 * record that a line is about (topic, partition, offset, key), and stack_trace.
 */
final class JsonLines {

  private JsonLines() {}

  static void writeTo(ConsoleAppender<ILoggingEvent> console) {
    LogstashFieldNames names = new LogstashFieldNames();
    names.setTimestamp("timestamp");
    names.setLogger("logger");
    names.setThread("thread");
    names.setVersion(LogstashCommonFieldNames.IGNORE_FIELD_INDICATOR);
    names.setLevelValue(LogstashCommonFieldNames.IGNORE_FIELD_INDICATOR);
    LogstashEncoder encoder = new LogstashEncoder();
    encoder.setContext(console.getContext());
    encoder.setFieldNames(names);
    encoder.setTimeZone("UTC");
    encoder.start();
    console.stop();
    console.setEncoder(encoder);
    console.start();
  }

  static boolean isWrittenTo(ConsoleAppender<ILoggingEvent> console) {
    return console.getEncoder() instanceof LogstashEncoder;
  }
}
