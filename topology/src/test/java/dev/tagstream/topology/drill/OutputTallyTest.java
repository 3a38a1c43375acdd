package dev.tagstream.topology.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A drill is worth what its count can see. */
final class OutputTallyTest {

  private static final Origin FIRST = new Origin(0, 0);
  private static final Origin SECOND = new Origin(0, 1);
  private static final Set<Origin> BOTH = Set.of(FIRST, SECOND);

  private final OutputTally tally =
      new OutputTally(List.of(Map.of("embeddings", 1, "labels", 1), Map.of("rejects", 1)));

  @Test
  void allResultsOfOneAndTheRejectOfTheOtherAreClean() {
    add("embeddings", FIRST);
    add("labels", FIRST);
    add("rejects", SECOND);
    assertThat(tally.finished()).isEqualTo(2);
    assertThat(report()).isEqualTo(new KillReport(2, 1, 0, 0, 0));
    assertThat(report().clean()).isTrue();
  }

  @Test
  void anEventWithoutAnyResultIsLost() {
    add("rejects", SECOND);
    assertThat(report()).isEqualTo(new KillReport(2, 1, 1, 0, 0));
  }

  @Test
  void anEventWithHalfOfItsResultsIsLost() {
    add("embeddings", FIRST);
    add("rejects", SECOND);
    assertThat(tally.finished()).isEqualTo(1);
    assertThat(report()).isEqualTo(new KillReport(2, 1, 1, 0, 0));
  }

  @Test
  void aRepeatedResultIsADuplicateAndNotDisorder() {
    add("rejects", FIRST);
    add("rejects", SECOND);
    add("rejects", FIRST);
    assertThat(report()).isEqualTo(new KillReport(2, 1, 0, 1, 0));
  }

  @Test
  void resultsAndARejectOfTheSameEventAreADuplicate() {
    add("embeddings", FIRST);
    add("labels", FIRST);
    add("rejects", FIRST);
    add("rejects", SECOND);
    assertThat(report()).isEqualTo(new KillReport(2, 1, 0, 1, 0));
  }

  @Test
  void aResultOfAnEventThatNobodyPublishedIsADuplicate() {
    add("rejects", FIRST);
    add("rejects", SECOND);
    add("rejects", new Origin(0, 99));
    assertThat(report()).isEqualTo(new KillReport(2, 1, 0, 1, 0));
  }

  @Test
  void aResultBehindThatOfALaterEventIsReordered() {
    add("rejects", SECOND);
    add("rejects", FIRST);
    assertThat(report()).isEqualTo(new KillReport(2, 1, 0, 0, 1));
  }

  @Test
  void aResultInAnotherPartitionThanItsEventIsReordered() {
    add("rejects", FIRST);
    tally.add(new TopicPartition("rejects", 5), SECOND);
    assertThat(report()).isEqualTo(new KillReport(2, 1, 0, 0, 1));
  }

  private void add(String topic, Origin origin) {
    tally.add(new TopicPartition(topic, origin.partition()), origin);
  }

  private KillReport report() {
    return tally.report(BOTH, 1);
  }
}
