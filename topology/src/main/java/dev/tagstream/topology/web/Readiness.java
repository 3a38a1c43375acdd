package dev.tagstream.topology.web;

import dev.tagstream.topology.web.HealthCheck.Finding;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

/**
 * Whether the application does its part of the work, or stands by to: what a rolling update waits
 * for before it stops the next instance.
 *
 * <p>Each part is made known once it exists; until then it counts as not ready. Thread-safe.
 */
public final class Readiness {
  /** Schemas are kept once read, so that a short absence of the registry harms nobody. */
  private static final Duration REGISTRY_MISSED = Duration.ofMinutes(5);

  private static final Duration ASK_REGISTRY_EVERY = Duration.ofSeconds(30);
  private static final Duration ASK_GROUP_EVERY = Duration.ofSeconds(10);

  private final BackgroundQuestion<Boolean> registry;
  private final BackgroundQuestion<Group> group;
  private volatile boolean warm;
  private volatile @Nullable BooleanSupplier labelsFollowed;
  private volatile @Nullable Supplier<StreamsStatus> streams;

  /**
   * The consumer group that shares the work.
   *
   * @param members of all instances: one for each stream thread
   * @param partitions of the events topic
   */
  public record Group(int members, int partitions) {}

  /**
   * Asks nothing yet.
   *
   * @param registry returns, of whatever value, if the registry answers
   * @param group asks the brokers
   * @param background where both are asked, which may block
   */
  public Readiness(
      Callable<Boolean> registry,
      Callable<Group> group,
      Executor background,
      LongSupplier nanoTime) {
    this.registry = new BackgroundQuestion<>(ASK_REGISTRY_EVERY, registry, background, nanoTime);
    this.group = new BackgroundQuestion<>(ASK_GROUP_EVERY, group, background, nanoTime);
  }

  /** The registry has answered just now. */
  public void registryAnswered() {
    registry.answered(true);
  }

  /** The model has run full batches. */
  public void warm() {
    warm = true;
  }

  /**
   * The label sets that were in their topic at the start are in force.
   *
   * @param followed whether later ones are still being read
   */
  public void labelsRead(BooleanSupplier followed) {
    labelsFollowed = followed;
  }

  /** Kafka Streams has been started. */
  public void streams(Supplier<StreamsStatus> status) {
    streams = status;
  }

  /** What has to be so. */
  public List<HealthCheck> checks() {
    return List.of(
        new HealthCheck("streams", this::streamsFinding),
        new HealthCheck("partitions", this::partitionsFinding),
        new HealthCheck("model", this::modelFinding),
        new HealthCheck("labels", this::labelsFinding),
        new HealthCheck("registry", this::registryFinding));
  }

  private Finding streamsFinding() {
    Supplier<StreamsStatus> known = streams;
    if (known == null) {
      return Finding.bad("not started yet");
    }
    KafkaStreams.State state = known.get().state();
    return new Finding(state == KafkaStreams.State.RUNNING, state.name());
  }

  /** One that has nothing to do because there are enough others is as ready as can be. */
  private Finding partitionsFinding() {
    Supplier<StreamsStatus> known = streams;
    if (known == null) {
      return Finding.bad("none is assigned yet");
    }
    int assigned = known.get().partitions();
    if (assigned > 0) {
      return Finding.good(assigned + " assigned");
    }
    Optional<Group> asked = group.latest();
    if (asked.isEmpty()) {
      return Finding.bad(
          "none is assigned, and the group's members are not known yet"
              + group.problem().map(problem -> ": " + problem).orElse(""));
    }
    int members = asked.get().members();
    int partitions = asked.get().partitions();
    return members > partitions
        ? Finding.good("standing by: %d members for %d partitions".formatted(members, partitions))
        : Finding.bad(
            "none is assigned, though %d members share %d partitions"
                .formatted(members, partitions));
  }

  private Finding modelFinding() {
    return warm ? Finding.good("warm") : Finding.bad("not loaded and warmed up yet");
  }

  private Finding labelsFinding() {
    BooleanSupplier followed = labelsFollowed;
    if (followed == null) {
      return Finding.bad("the label sets in their topic are not in force yet");
    }
    return followed.getAsBoolean()
        ? Finding.good("read")
        : Finding.bad("changes of label sets are no longer read; the log says why");
  }

  private Finding registryFinding() {
    boolean ever = registry.latest().isPresent();
    String problem = registry.problem().map(text -> "; now: " + text).orElse("");
    if (!ever) {
      return Finding.bad("has not answered yet" + problem);
    }
    Duration age = registry.age().orElse(Duration.ZERO);
    return new Finding(
        age.compareTo(REGISTRY_MISSED) <= 0, "answered " + age.toSeconds() + " s ago" + problem);
  }
}
