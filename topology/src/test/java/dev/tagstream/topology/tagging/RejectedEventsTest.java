package dev.tagstream.topology.tagging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.events.ImageSource;
import dev.tagstream.events.RejectReason;
import dev.tagstream.events.RejectStage;
import dev.tagstream.events.RejectedImage;
import dev.tagstream.topology.batch.InputRecord;
import dev.tagstream.topology.batch.Output;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with an event costs it alone: one reject, which says what. */
class RejectedEventsTest {
  private final TaggerHarness harness = new TaggerHarness();

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void anUnknownSetGetsOneRejectAndNothingElse() {
    RejectedImage reject =
        harness.onlyReject(
            harness.tag(TestEvents.event("e1").setLabelSets(List.of("pets", "none"))));

    assertThat(reject.getReason()).isEqualTo(RejectReason.UNKNOWN_LABEL_SET);
    assertThat(reject.getDetail()).contains("none").doesNotContain("pets");
    assertThat(reject.getEventId()).isEqualTo("e1");
  }

  @Test
  void bytesThatAreNoEventAreRejectedWithTheBytes() {
    byte[] bytes = "no event".getBytes(StandardCharsets.UTF_8);

    RejectedImage reject = harness.onlyReject(harness.tag(TestEvents.record(bytes)));

    assertThat(reject.getReason()).isEqualTo(RejectReason.UNDECODABLE_EVENT);
    assertThat(reject.getStage()).isEqualTo(RejectStage.READ);
    assertThat(reject.getEventId()).isNull();
    assertThat(reject.getEventBytes()).isEqualTo(ByteBuffer.wrap(bytes));
    assertThat(reject.getEventTruncated()).isFalse();
  }

  @Test
  void aTombstoneIsRejected() {
    assertThat(harness.onlyReject(harness.tag(TestEvents.record(null))).getReason())
        .isEqualTo(RejectReason.INVALID_EVENT);
  }

  @Test
  void anEventFromBefore1970IsRejected() {
    InputRecord record = TestEvents.record(harness.bytes(TestEvents.event("e1").build()), -1);

    assertThat(harness.onlyReject(harness.tag(record)).getDetail()).contains("timestamp is -1");
  }

  @Test
  void anEventThatNamesTooManySetsIsRejected() {
    List<String> names = IntStream.range(0, 17).mapToObj(i -> "set-" + i).toList();

    assertThat(
            harness.onlyReject(harness.tag(TestEvents.event("e1").setLabelSets(names))).getDetail())
        .contains("17 label sets; allowed are 16");
  }

  @Test
  void attributesBeyondTheirBoundAreRejectedAndNotCarriedOn() {
    RejectedImage reject =
        harness.onlyReject(
            harness.tag(TestEvents.event("e1").setAttributes(Map.of("a", "x".repeat(20_000)))));

    assertThat(reject.getReason()).isEqualTo(RejectReason.INVALID_EVENT);
    assertThat(reject.getAttributes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void anEventWithoutIdIsRejected(String id) {
    assertThat(harness.onlyReject(harness.tag(TestEvents.event(id))).getReason())
        .isEqualTo(RejectReason.INVALID_EVENT);
  }

  @Test
  void bytesThatAreNoImageAreRejected() {
    RejectedImage reject =
        harness.onlyReject(harness.tag(TestEvents.event("e1", new byte[] {1, 2, 3, 4})));

    assertThat(reject.getReason()).isEqualTo(RejectReason.UNKNOWN_FORMAT);
    assertThat(reject.getStage()).isEqualTo(RejectStage.DECODE);
  }

  @Test
  void aBrokenImageIsRejected() {
    byte[] png = TestEvents.png(0).clone();
    Arrays.fill(png, 45, png.length, (byte) 0x55);

    assertThat(harness.onlyReject(harness.tag(TestEvents.event("e1", png))).getReason())
        .isEqualTo(RejectReason.UNDECODABLE_IMAGE);
  }

  @Test
  void aFileThatNobodyAllowedIsRejected() {
    ImageSource source = ImageSource.newBuilder().setUri("file:///etc/passwd").build();

    assertThat(
            harness.onlyReject(harness.tag(TestEvents.event("e1").setSource(source))).getReason())
        .isEqualTo(RejectReason.SOURCE_NOT_ALLOWED);
  }

  @Test
  void aSourceThatDoesNotAnswerIsRejectedAtItsDeadline() {
    harness.stallSources();
    ImageSource source = ImageSource.newBuilder().setUri("file:///tmp/any").build();

    assertThat(
            harness.onlyReject(harness.tag(TestEvents.event("e1").setSource(source))).getReason())
        .isEqualTo(RejectReason.SOURCE_TIMEOUT);
  }

  @Test
  void anImageTheModelCannotTakeIsRejectedWhileOthersAreNot() {
    List<Output> bad = harness.tag(TestEvents.event("bad", TestEvents.png(StandInModel.POISON)));

    assertThat(harness.onlyReject(bad).getReason()).isEqualTo(RejectReason.MODEL_REJECTED_IMAGE);
    assertThat(harness.tag(TestEvents.event("good"))).hasSize(2);
  }
}
