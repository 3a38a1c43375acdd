package dev.tagstream.topology.cli;

import dev.tagstream.topology.config.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What a user is told about an exception.
 *
 * @param sentence what happened and what to do
 */
record Explanation(String sentence, int exitCode) {

  static Explanation of(Throwable problem) {
    if ((problem instanceof ExecutionException || problem instanceof CompletionException)
        && problem.getCause() != null) {
      return of(problem.getCause());
    }
    if (problem instanceof CliFailure failure) {
      return new Explanation(message(failure), failure.exitCode());
    }
    if (problem instanceof ConfigException refused) {
      return new Explanation(message(refused), CliFailure.WRONG_USE);
    }
    return new Explanation(sentence(problem), CliFailure.FAILED);
  }

  private static String sentence(Throwable problem) {
    if (problem instanceof TimeoutException) {
      return "The brokers did not answer in time ("
          + message(problem)
          + "). Are they running, and is kafka.bootstrap.servers right?";
    }
    if (problem instanceof AuthenticationException) {
      return "The brokers refused the credentials: " + message(problem);
    }
    if (problem instanceof AuthorizationException) {
      return "The brokers do not permit this: " + message(problem);
    }
    if (problem instanceof UnknownTopicOrPartitionException) {
      return "A topic does not exist; `tagstream topics create` makes it. " + message(problem);
    }
    if (problem instanceof KafkaException && problem.getCause() != null) {
      return message(problem) + ": " + message(problem.getCause());
    }
    if (problem instanceof NoSuchFileException) {
      return message(problem) + " does not exist.";
    }
    if (problem instanceof AccessDeniedException) {
      return message(problem) + " may not be read.";
    }
    if (problem instanceof UncheckedIOException unchecked && unchecked.getCause() != null) {
      return message(problem) + ": " + sentence(unchecked.getCause());
    }
    if (problem instanceof IOException || problem.getMessage() != null) {
      return message(problem);
    }
    return "Unexpected " + problem.getClass().getSimpleName() + "; --debug shows where.";
  }

  private static String message(Throwable problem) {
    String text = problem.getMessage();
    return text == null ? problem.getClass().getSimpleName() : text;
  }
}
