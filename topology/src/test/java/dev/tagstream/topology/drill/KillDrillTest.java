package dev.tagstream.topology.drill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.topology.batch.StandInTopology;
import dev.tagstream.topology.commit.ProcessingGuarantee;
import dev.tagstream.topology.embedded.BrokerOptions;
import dev.tagstream.topology.embedded.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Child JVMs of the real processor, clients and engine over a stand-in device, killed at random.
 * The seed is printed; run with {@code -Dtagstream.drill.seed=N} to repeat a choice of kills.
 */
@Timeout(900)
final class KillDrillTest {

  private static final int PARTITIONS = 6;
  private static final int EVENTS_PER_KILL = 3_000;

  @TempDir Path logs;

  @Test
  void exactlyOnceLosesRepeatsAndReordersNothingWhenInstancesAreKilled() throws Exception {
    int kills = Integer.getInteger("tagstream.drill.kills", 3);
    KillReport report = drill(new StandIn(ProcessingGuarantee.EXACTLY_ONCE, true, 0.01), kills);
    assertThat(report).isEqualTo(new KillReport(report.events(), kills, 0, 0, 0));
  }

  @Test
  void atLeastOnceLosesNothingAndOnlyRepeats() throws Exception {
    KillReport report = drill(new StandIn(ProcessingGuarantee.AT_LEAST_ONCE, true, 0), 2);
    assertThat(report.lost()).isZero();
    assertThat(report.reordered()).isZero();
  }

  @Test
  void theControlWithoutLoweringLosesRecords() throws Exception {
    int lost = 0;
    for (int kills = 3; lost == 0 && kills <= 12; kills *= 2) {
      lost = drill(new StandIn(ProcessingGuarantee.EXACTLY_ONCE, false, 0), kills).lost();
    }
    assertThat(lost).as("or the drill could not see a loss").isPositive();
  }

  private KillReport drill(StandIn application, int kills) throws Exception {
    long seed = Long.getLong("tagstream.drill.seed", new Random().nextLong());
    System.out.println("Kill drill of " + application + " with seed " + seed);
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(BrokerOptions.temporary().withQuickFailover())) {
      createTopics(broker);
      application.bootstrapServers = broker.bootstrapServers();
      application.seed = seed;
      KillReport report =
          KillDrill.run(
              new KillDrillOptions(
                  EVENTS_PER_KILL * (kills + 1),
                  kills,
                  seed,
                  2,
                  StandInApplication.THREADS,
                  logs,
                  Duration.ofSeconds(60)),
              application,
              broker.bootstrapServers(),
              new Printing());
      System.out.println(report);
      return report;
    }
  }

  private static void createTopics(EmbeddedBroker broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .createTopics(
              Stream.concat(Stream.of(StandInTopology.INPUT), StandInTopology.OUTPUTS.stream())
                  .map(topic -> new NewTopic(topic, PARTITIONS, (short) 1))
                  .toList())
          .all()
          .get();
    }
  }

  private static final class Printing implements DrillProgress {
    private final long start = System.nanoTime();

    @Override
    public void joined(int instances) {
      print("all " + instances + " instances have joined");
    }

    @Override
    public void killed(int kill, int instance, long pid, long results) {
      print("kill " + kill + ": instance " + instance + " after " + results + " results");
    }

    private void print(String what) {
      System.out.printf("%6.1f s %s%n", (System.nanoTime() - start) / 1e9, what);
    }
  }

  private static final class StandIn implements DrilledApplication {
    private final ProcessingGuarantee guarantee;
    private final boolean lowered;
    private final double failures;
    private String bootstrapServers = "";
    private long seed;

    StandIn(ProcessingGuarantee guarantee, boolean lowered, double failures) {
      this.guarantee = guarantee;
      this.lowered = lowered;
      this.failures = failures;
    }

    @Override
    public String input() {
      return StandInTopology.INPUT;
    }

    @Override
    public List<String> outputs() {
      return StandInTopology.OUTPUTS;
    }

    @Override
    public String group() {
      return StandInApplication.GROUP;
    }

    @Override
    public List<String> command(int instance) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add(StandInApplication.class.getName());
      command.addAll(
          List.of(
              bootstrapServers,
              guarantee.name(),
              Boolean.toString(lowered),
              Double.toString(failures),
              Long.toString(seed + instance)));
      return command;
    }

    @Override
    public byte[] event(int index) {
      return ("event " + index).getBytes(UTF_8);
    }

    @Override
    public Origin origin(ConsumerRecord<byte[], byte[]> result) {
      String[] parts = new String(result.value(), UTF_8).split("@", -1);
      return new Origin(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
    }

    @Override
    public List<Map<String, Integer>> acceptable() {
      return List.of(Map.of("embeddings", 1, "labels", 1), Map.of("rejects", 1));
    }

    @Override
    public String toString() {
      return guarantee + (lowered ? "" : " without lowering");
    }
  }
}
