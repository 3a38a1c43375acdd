package dev.tagstream.topology.commit;

import static org.apache.kafka.streams.StreamsConfig.GROUP_PROTOCOL_CONFIG;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of the Kafka settings an operator passes through, or the lagging commit is undone.
 * Pure functions; each answer is a sentence that names the key, its value and what to do.
 */
public final class CommitPreconditions {

  private static final String HANDLER =
      "a handler could skip or divert a record while earlier results are pending; remove it, bad records are rejected in their own turn without it";
  private static final String INTERCEPTOR =
      "an interceptor sees records and offsets before they are lowered; remove it";
  private static final String INTERNAL =
      "it changes which threads or clients process records; remove it";

  private static final Map<String, String> REFUSED = refused();

  private static Map<String, String> refused() {
    Map<String, String> refused = new LinkedHashMap<>();
    for (String stage : List.of("deserialization", "production", "processing")) {
      refused.put(stage + ".exception.handler", HANDLER);
      refused.put("default." + stage + ".exception.handler", HANDLER);
    }
    refused.put(
        "errors.dead.letter.queue.topic.name",
        "a dead letter would be sent at once, ahead of pending results, and again after a crash; remove it, bad records go to the rejects topic");
    refused.put("processing.guarantee", "choose the guarantee in Tagstream's own configuration");
    refused.put("interceptor.classes", INTERCEPTOR);
    refused.put(
        "default.timestamp.extractor",
        "an extractor that throws or returns a negative loses the record; remove it");
    refused.put("default.client.supplier", INTERNAL);
    refused.put("processor.wrapper.class", INTERNAL);
    refused.put("enable.auto.commit", "it would commit records still in flight; remove it");
    refused.put("enable.idempotence", "results are produced idempotently in any case; remove it");
    refused.put("transactional.id", "each stream thread has its own; remove it");
    return refused;
  }

  private CommitPreconditions() {}

  /**
   * The two waits that must fit into each other and into a transaction.
   *
   * @param sourceDeadline after which a source that does not answer makes a reject
   * @param longestWait how long a stream thread waits for room before it must commit
   */
  public record Timing(Duration sourceDeadline, Duration longestWait) {}

  /**
   * Checks the settings passed through to Kafka Streams and its clients.
   *
   * @param kafka the operator's settings, with Streams' client prefixes or without
   * @return what is wrong, in the order of the keys; empty if nothing is
   */
  public static List<String> check(
      Map<String, ?> kafka, ProcessingGuarantee guarantee, Timing timing) {
    List<String> problems = new ArrayList<>();
    new TreeMap<>(kafka)
        .forEach(
            (key, value) ->
                refusal(key, String.valueOf(value), guarantee).ifPresent(problems::add));
    problems.addAll(checkTiming(kafka, guarantee, timing));
    return problems;
  }

  private static Optional<String> refusal(String key, String value, ProcessingGuarantee guarantee) {
    String setting = ClientPrefixes.strip(key);
    String reason = REFUSED.get(setting);
    if (reason == null && (setting.startsWith("__") || setting.startsWith("internal."))) {
      reason = INTERNAL;
    }
    if (reason == null) {
      reason = refusedValue(setting, value.toLowerCase(Locale.ROOT).trim(), guarantee);
    }
    return Optional.ofNullable(reason)
        .map(why -> "kafka.%s (%s) is refused: %s.".formatted(key, value, why));
  }

  private static @Nullable String refusedValue(
      String setting, String value, ProcessingGuarantee guarantee) {
    return switch (setting) {
      case GROUP_PROTOCOL_CONFIG ->
          value.equals("streams") && guarantee == ProcessingGuarantee.AT_LEAST_ONCE
              ? "with at-least-once Streams would build its own consumer for it, past the lowered offsets; use exactly-once or group.protocol=classic"
              : null;
      case "auto.offset.reset" ->
          value.equals("earliest")
              ? null
              : "a crash before the first commit would skip what was in flight; leave it at earliest and, to start at the end, set the group's offsets before the first start";
      case "acks" ->
          value.equals("all") || value.equals("-1")
              ? null
              : "a result could be lost after its offset was committed; use all";
      default -> null;
    };
  }

  /**
   * Source deadline, then wait, then transaction: the slower must not be cut off by the quicker.
   */
  private static List<String> checkTiming(
      Map<String, ?> kafka, ProcessingGuarantee guarantee, Timing timing) {
    List<String> problems = new ArrayList<>();
    Duration wait = timing.longestWait();
    if (timing.sourceDeadline().compareTo(wait) >= 0) {
      problems.add(
          "The deadline of a source (%s) must be below the longest wait of a stream thread (%s), or a slow source stops the thread instead of being rejected."
              .formatted(human(timing.sourceDeadline()), human(wait)));
    }
    Duration transaction = transactionTimeout(kafka);
    if (guarantee == ProcessingGuarantee.EXACTLY_ONCE && wait.compareTo(transaction) >= 0) {
      problems.add(
          "The longest wait of a stream thread (%s) must be below transaction.timeout.ms (%s), or the broker aborts what waits."
              .formatted(human(wait), human(transaction)));
    }
    Duration poll =
        millis(kafka, "max.poll.interval.ms", Duration.ofMinutes(5), "consumer.", "main.consumer.");
    if (wait.compareTo(poll) >= 0) {
      problems.add(
          "The longest wait of a stream thread (%s) must be below max.poll.interval.ms (%s), or the group gives its partitions away."
              .formatted(human(wait), human(poll)));
    }
    return problems;
  }

  /**
   * The transaction time-out in force, 10 s where none is set: Streams' default, not the
   * producer's.
   */
  public static Duration transactionTimeout(Map<String, ?> kafka) {
    return millis(kafka, "transaction.timeout.ms", Duration.ofSeconds(10), "producer.");
  }

  /**
   * Whether full batches leave room in a transaction; to be asked at warm-up.
   *
   * @param batchesInFlight measured time of all batches in flight, each full
   * @return what is wrong; empty if nothing is
   */
  public static Optional<String> checkBatchTime(
      Duration batchesInFlight, int batchSize, Duration transactionTimeout) {
    Duration most = transactionTimeout.dividedBy(2);
    if (batchesInFlight.compareTo(most) <= 0) {
      return Optional.empty();
    }
    long fits = Math.max(1, batchSize * most.toNanos() / Math.max(1, batchesInFlight.toNanos()));
    return Optional.of(
        "Batches of %d take %s on this device, more than half of transaction.timeout.ms (%s); use batches of at most %d, or raise transaction.timeout.ms to %d."
            .formatted(
                batchSize,
                human(batchesInFlight),
                human(transactionTimeout),
                fits,
                4 * batchesInFlight.toMillis()));
  }

  /** Streams lets a key with a prefix win over the same key without. */
  private static Duration millis(
      Map<String, ?> kafka, String key, Duration otherwise, String... prefixes) {
    Object value = kafka.get(key);
    for (String prefix : prefixes) {
      Object prefixed = kafka.get(prefix + key);
      value = prefixed == null ? value : prefixed;
    }
    try {
      return value == null
          ? otherwise
          : Duration.ofMillis(Long.parseLong(String.valueOf(value).trim()));
    } catch (NumberFormatException e) {
      // Kafka's own check of the configuration names the key and what it expects.
      return otherwise;
    }
  }

  private static String human(Duration duration) {
    return duration.toMillis() % 1_000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
