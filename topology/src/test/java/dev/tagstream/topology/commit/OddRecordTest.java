package dev.tagstream.topology.commit;

import static dev.tagstream.topology.commit.ProcessingGuarantee.EXACTLY_ONCE;
import static dev.tagstream.topology.commit.RealBroker.ROOMY;
import static dev.tagstream.topology.commit.RealBroker.await;
import static dev.tagstream.topology.commit.RealBroker.expectedOrigins;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.topology.batch.InputRecord;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Records that Streams would drop or die of reach the tagging, and their results their turn. */
@Timeout(120)
final class OddRecordTest {

  @Test
  void aTombstoneWithoutKeyOrTimestampIsTaggedInItsOwnTurn(@TempDir Path folder) throws Exception {
    HeldTagging tagging = new HeldTagging();
    try (RealBroker broker = new RealBroker(folder, 1)) {
      broker.publish(0, 2);
      broker.publishTombstoneWithoutTimestamp(0);
      broker.publish(0, 2);
      broker.application(EXACTLY_ONCE, tagging, ROOMY);
      await(() -> broker.origins(0).size() == 5);
      assertThat(broker.origins(0)).isEqualTo(expectedOrigins(0, 5));
      InputRecord odd = tagging.records().get(2);
      assertThat(odd.timestamp()).as("as it stands in the topic").isEqualTo(-1);
      assertThat(odd.value()).isNull();
      assertThat(odd.key()).isNull();
      assertThat(broker.results())
          .as("results have valid times, the odd one its predecessor's")
          .allMatch(result -> result.timestamp() >= 0);
    }
  }
}
