package dev.tagstream.topology.labels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.model.label.Label;
import dev.tagstream.model.label.LabelCompiler;
import dev.tagstream.model.label.LabelSet;
import dev.tagstream.model.label.Scoring;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LabelSetsTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final AtomicLong clock = new AtomicLong();
  private final LabelSets sets =
      new LabelSets(
          new LabelCompiler(texts -> new float[texts.size()][1], 1f, 10),
          List.of(set("default", "file")),
          clock::get);

  private static LabelSet set(String name, String version) {
    return new LabelSet(name, version, List.of(Label.of("dog")), List.of(), Scoring.SOFTMAX, 1);
  }

  private String versionOf(String name) {
    return Objects.requireNonNull(sets.current().find(name)).labelSet().version();
  }

  @Test
  void aPublishedSetReplacesTheConfiguredOneAndRemovingItBringsThatBack() {
    sets.put(set("default", "topic"));
    assertThat(versionOf("default")).isEqualTo("topic");

    sets.remove("default");
    assertThat(versionOf("default")).isEqualTo("file");
  }

  @Test
  void aRemovedSetIsUnknown() {
    sets.put(set("pets", "1"));
    sets.remove("pets");

    assertThat(sets.current().unknown(List.of("default", "pets"))).containsExactly("pets");
  }

  @Test
  void knownNamesNeedNoWait() {
    assertThat(sets.whenKnown(List.of("default"), LONG)).isCompletedWithValue(sets.current());
  }

  @Test
  void anEventWaitsForASetThatIsOnItsWay() {
    CompletableFuture<LabelSnapshot> waiting = sets.whenKnown(List.of("default", "pets"), LONG);
    assertThat(waiting).isNotDone();

    sets.put(set("pets", "1"));

    assertThat(waiting).isCompletedWithValueMatching(s -> s.find("pets") != null);
  }

  @Test
  void whenTheWaitIsOverTheSnapshotSaysWhatIsStillUnknown() {
    assertThat(
            sets.whenKnown(List.of("pets"), Duration.ofMillis(1)).join().unknown(List.of("pets")))
        .containsExactly("pets");
  }

  @Test
  void aNameThatStayedUnknownForTheWholeWaitDelaysNoFurtherEvent() {
    assertThat(sets.whenKnown(List.of("pets"), LONG)).isNotDone();

    clock.addAndGet(LONG.toNanos());

    assertThat(sets.whenKnown(List.of("pets"), LONG)).isDone();
  }

  @Test
  void aSnapshotDoesNotChangeWhenSetsDo() {
    LabelSnapshot before = sets.current();

    sets.put(set("pets", "1"));

    assertThat(before.find("pets")).isNull();
  }
}
