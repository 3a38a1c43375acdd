package dev.tagstream.topology.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class ClientAndStreamsSettingsTest {

  @Test
  void oneLimitDrivesTheProducersRequestAndTheConsumersFetch() {
    TagstreamConfig config = ConfigLoader.defaults(Map.of("limits.maxEventBytes", "3MiB"));
    int threeMebibytes = 3 << 20;

    assertThat(ClientSettings.producer(config)).containsEntry("max.request.size", threeMebibytes);
    assertThat(ClientSettings.consumer(config))
        .containsEntry("max.partition.fetch.bytes", threeMebibytes);
    assertThat(StreamsSettings.of(config))
        .containsEntry("producer.max.request.size", threeMebibytes)
        .containsEntry("consumer.max.partition.fetch.bytes", threeMebibytes);
  }

  @Test
  void exactlyOnceSetsTheGuaranteeAndTheTransactionTimeout() {
    Properties exactly = StreamsSettings.of(ConfigLoader.defaults(Map.of()));
    Properties atLeast =
        StreamsSettings.of(ConfigLoader.defaults(Map.of("processing.guarantee", "at_least_once")));

    assertThat(exactly)
        .containsEntry("processing.guarantee", "exactly_once_v2")
        .containsEntry("producer.transaction.timeout.ms", 10_000);
    assertThat(atLeast)
        .containsEntry("processing.guarantee", "at_least_once")
        .doesNotContainKey("producer.transaction.timeout.ms");
  }

  @Test
  void fewRecordsArePolledAndBufferedUnlessConfiguredOtherwise() {
    Properties settings = StreamsSettings.of(ConfigLoader.defaults(Map.of()));

    assertThat(new StreamsConfig(settings).getMainConsumerConfigs("group", "client", 0))
        .containsEntry("max.poll.records", 32);
    assertThat(settings).containsEntry("buffered.records.per.partition", 4);
  }

  @Test
  void theStreamsGroupProtocolPollsBrieflyUnlessConfiguredOtherwise() {
    assertThat(StreamsSettings.of(ConfigLoader.defaults(Map.of("kafka.group.protocol", "streams"))))
        .containsEntry("poll.ms", 10L);
    assertThat(
            StreamsSettings.of(
                ConfigLoader.defaults(
                    Map.of("kafka.group.protocol", "streams", "kafka.poll.ms", "20"))))
        .containsEntry("poll.ms", "20");
    assertThat(StreamsSettings.of(ConfigLoader.defaults(Map.of()))).doesNotContainKey("poll.ms");
  }

  @Test
  void aLostMemberKeepsItsPartitionsForThirtySecondsUnlessConfiguredOtherwise() {
    assertThat(sessionTimeout(Map.of())).isEqualTo(30_000);
    assertThat(sessionTimeout(Map.of("kafka.session.timeout.ms", "40000"))).isEqualTo(40_000);
    assertThat(sessionTimeout(Map.of("kafka.consumer.session.timeout.ms", "50000")))
        .isEqualTo(50_000);
  }

  @Test
  void theSessionTimeoutIsLeftToTheBrokerWhereTheGroupProtocolWantsThat() {
    TagstreamConfig config = ConfigLoader.defaults(Map.of("kafka.group.protocol", "streams"));

    assertThat(StreamsSettings.of(config)).doesNotContainKey("session.timeout.ms");
  }

  private static int sessionTimeout(Map<String, String> settings) {
    Properties streams = StreamsSettings.of(ConfigLoader.defaults(settings));
    Map<String, Object> consumer =
        new StreamsConfig(streams).getMainConsumerConfigs("group", "client", 0);
    return Integer.parseInt(String.valueOf(consumer.get("session.timeout.ms")));
  }

  @Test
  void followersReadCommittedRecordsOnly() {
    assertThat(ClientSettings.consumer(ConfigLoader.defaults(Map.of())))
        .containsEntry("isolation.level", "read_committed");
  }

  @Test
  void aPassedThroughSettingReachesTheClientsItIsMeantFor() {
    TagstreamConfig config =
        ConfigLoader.defaults(
            Map.of(
                "kafka.security.protocol", "SSL",
                "kafka.producer.linger.ms", "7",
                "kafka.consumer.fetch.min.bytes", "9",
                "kafka.acme.plugin", "x",
                "kafka.poll.ms", "10"));

    assertThat(ClientSettings.producer(config))
        .containsEntry("security.protocol", "SSL")
        .containsEntry("linger.ms", "7")
        .containsEntry("acme.plugin", "x")
        .doesNotContainKeys("fetch.min.bytes", "poll.ms", "producer.linger.ms");
    assertThat(ClientSettings.consumer(config)).containsEntry("fetch.min.bytes", "9");
    assertThat(ClientSettings.admin(config)).containsEntry("security.protocol", "SSL");
    assertThat(StreamsSettings.of(config)).containsEntry("producer.linger.ms", "7");
  }
}
