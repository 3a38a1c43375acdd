package dev.tagstream.topology.tagging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tagstream.events.RejectReason;
import dev.tagstream.events.RejectedImage;
import dev.tagstream.schemas.TagstreamHeaders;
import dev.tagstream.topology.batch.InputRecord;
import dev.tagstream.topology.batch.Output;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** What a reject carries of its event, and what it leaves out so that it can be written. */
class RejectContentTest {
  private final TaggerHarness harness = new TaggerHarness();

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void aRejectIsLoggedForDebuggingWithTheRecordItIsAbout() {
    Logger logger = (Logger) LoggerFactory.getLogger(ResultEncoder.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    logger.setLevel(Level.DEBUG);
    try {
      harness.tag(TestEvents.event("rejected", new byte[] {1, 2, 3}));
      harness.tag(TestEvents.event("tagged"));
    } finally {
      logger.setLevel(null);
      logger.detachAppender(lines);
    }

    assertThat(lines.list).hasSize(1);
    ILoggingEvent line = lines.list.get(0);
    assertThat(line.getLevel()).isEqualTo(Level.DEBUG);
    assertThat(line.getFormattedMessage()).contains("UNKNOWN_FORMAT");
    assertThat(line.getKeyValuePairs())
        .extracting(KeyValuePair::toString)
        .containsExactly(
            "topic=\"image-events\"", "partition=\"3\"", "offset=\"42\"", "key=\"07\"");
  }

  @Test
  void aResultTooLargeForItsTopicBecomesARejectThatFits() {
    harness.limitRecordsTo(70_000);

    RejectedImage reject =
        harness.onlyReject(harness.tag(TestEvents.event("e1").setLabelSets(List.of("huge"))));

    assertThat(reject.getReason()).isEqualTo(RejectReason.RESULT_TOO_LARGE);
    assertThat(reject.getEventSha256()).hasSize(64);
  }

  @Test
  void aRejectOfALargeEventKeepsTheBytesThatFitAndSaysSo() {
    harness.limitRecordsTo(70_000);

    RejectedImage reject = harness.onlyReject(harness.tag(TestEvents.record(new byte[80_000])));

    assertThat(reject.getEventTruncated()).isTrue();
    assertThat(reject.getEventBytes().remaining()).isBetween(1, 10_000);
    assertThat(reject.getEventSizeBytes()).isEqualTo(80_000);
  }

  @Test
  void aRejectLeavesOutHeadersThatCouldNotBeWrittenAgain() {
    harness.limitRecordsTo(1 << 17);
    InputRecord large = TestEvents.record(new byte[] {9});
    large.headers().add("baggage", new byte[120_000]);

    Output output = harness.tag(large).get(0);

    assertThat(output.headers().lastHeader("baggage")).isNull();
    assertThat(output.key()).isEqualTo(large.key());
    assertThat(TaggerHarness.header(output, TagstreamHeaders.ORIGIN))
        .isEqualTo("image-events-3@42");
    assertThat(harness.onlyReject(List.of(output)).getDetail())
        .contains("bytes of headers are left out");
  }

  @Test
  void aRejectLeavesOutAKeyThatCouldNotBeWrittenAgain() {
    harness.limitRecordsTo(1 << 17);
    byte[] event = harness.bytes(TestEvents.event("e1").build());

    Output output = harness.tag(TestEvents.record(event).withKey(new byte[130_000])).get(0);

    assertThat(output.key() == null).as("key left out").isTrue();
    RejectedImage reject = harness.onlyReject(List.of(output));
    assertThat(reject.getReason()).isEqualTo(RejectReason.RESULT_TOO_LARGE);
    assertThat(reject.getDetail()).contains("bytes of key and headers are left out");
    assertThat(reject.getEventId()).isEqualTo("e1");
  }

  @Test
  void eventBytesAreKeptOutOfRejectsWherePrivacyAsksForIt() {
    harness.keepNoEventBytes();

    RejectedImage reject = harness.onlyReject(harness.tag(TestEvents.record(new byte[] {9})));

    assertThat(reject.getEventBytes()).isNull();
    assertThat(reject.getEventSizeBytes()).isEqualTo(1);
  }
}
