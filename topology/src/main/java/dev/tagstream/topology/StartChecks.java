package dev.tagstream.topology;

import dev.tagstream.schemas.RegistryUnavailableException;
import dev.tagstream.schemas.SchemaRegistration;
import dev.tagstream.topology.admin.TopicAdmin;
import dev.tagstream.topology.admin.TopicPlan;
import dev.tagstream.topology.admin.TopicState;
import dev.tagstream.topology.batch.BatchEngine;
import dev.tagstream.topology.commit.CommitPreconditions;
import dev.tagstream.topology.config.ClientSettings;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.config.TagstreamConfig.Guarantee;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * What can be known only by asking the brokers and the device, checked before any event is read.
 */
final class StartChecks {

  private StartChecks() {}

  /**
   * Asks brokers and registry whether the application can run, on a thread of its own.
   *
   * @return the number of partitions of the events topic, which that of every result topic equals;
   *     or a {@link CannotStartException} if topics or schemas are missing or do not fit
   */
  static CompletableFuture<Integer> platform(TagstreamConfig config) {
    return CompletableFuture.supplyAsync(
        () -> {
          int partitions = partitions(config);
          schemas(config);
          return partitions;
        },
        StartChecks::daemon);
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "start-checks");
    thread.setDaemon(true);
    thread.start();
  }

  private static int partitions(TagstreamConfig config) {
    try (Admin admin = Admin.create(ClientSettings.admin(config))) {
      TopicAdmin topics = new TopicAdmin(admin, config);
      List<TopicState> states = topics.existing();
      List<String> problems = topics.problems(states);
      if (!problems.isEmpty()) {
        throw new CannotStartException(problems);
      }
      return states.stream()
          .filter(state -> state.plan().role() == TopicPlan.Role.EVENTS)
          .findFirst()
          .orElseThrow()
          .partitions();
    } catch (TimeoutException e) {
      throw new CannotStartException(
          List.of(
              "No broker answers at %s. Is one running there, and are kafka.bootstrap.servers and kafka.security.protocol right?"
                  .formatted(config.bootstrapServers())));
    } catch (KafkaException e) {
      throw new CannotStartException(
          List.of(
              "Kafka at %s cannot be asked for its topics: %s"
                  .formatted(config.bootstrapServers(), reason(e))));
    }
  }

  /** Makes sure that results can be written. */
  private static void schemas(TagstreamConfig config) {
    List<String> missing;
    try {
      missing = SchemaRegistration.missing(config.registry().client(), config.topics().byRecord());
    } catch (RegistryUnavailableException e) {
      throw new CannotStartException(List.of(String.valueOf(e.getMessage())));
    }
    if (!missing.isEmpty()) {
      throw new CannotStartException(
          List.of(
              "The schema registry lacks the schemas of %s: `tagstream schemas register` adds them."
                  .formatted(String.join(", ", missing))));
    }
  }

  /**
   * Refuses batches so slow that a transaction could time out while its results are computed: the
   * thread would be replaced, read the same records again, and never get anywhere.
   *
   * @return how long as many full batches took as are in flight at once
   */
  static Duration batchTime(TagstreamConfig config, int batchSize, BatchEngine engine) {
    // The first run pays for what the device does only once.
    engine.warmUp();
    Duration batches = engine.warmUp();
    if (config.processing().guarantee() == Guarantee.EXACTLY_ONCE) {
      CommitPreconditions.checkBatchTime(
              batches, batchSize, config.processing().transactionTimeout())
          .ifPresent(
              problem -> {
                throw new CannotStartException(List.of(problem));
              });
    }
    return batches;
  }

  /** A client that cannot be made says why in its cause alone. */
  private static String reason(KafkaException e) {
    return e.getCause() == null
        ? String.valueOf(e.getMessage())
        : e.getMessage() + ": " + e.getCause().getMessage();
  }
}
