package dev.tagstream.topology.tagging;

import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.RejectReason;
import dev.tagstream.events.RejectStage;
import dev.tagstream.topology.batch.AsyncTagging;
import dev.tagstream.topology.batch.BatchEngine;
import dev.tagstream.topology.batch.InputRecord;
import dev.tagstream.topology.batch.Output;
import dev.tagstream.topology.labels.LabelSets;
import dev.tagstream.topology.labels.LabelSnapshot;
import dev.tagstream.topology.source.ImageBytes;
import dev.tagstream.topology.tagging.StageClock.Stage;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One event's way from bytes to encoded results.
 *
 * <p>A fault of the event ends in a reject. A fault of this machine (registry out of reach, device
 * broken) fails the future, so that the record does not count as done and is read again.
 *
 * <p>Threading: {@link #start} returns at once and may be called by any thread. Each step says on
 * which {@link Workers} it runs; nothing but bookkeeping runs on the caller's or the device's.
 */
public final class Tagger implements AsyncTagging {
  private final EventReader events;
  private final LabelSets labels;
  private final ImageLoader images;
  private final BatchEngine engine;
  private final ResultEncoder results;
  private final Workers workers;
  private final Deadlines deadlines;
  private final StageClock stages;
  private final EventFaults faults;
  private final Clock clock;

  /**
   * How long an event may be held up by others.
   *
   * @param source from being taken up to having the bytes of an image that is not inline
   * @param unknownLabelSet for a label set that the event names to come into force
   */
  public record Deadlines(Duration source, Duration unknownLabelSet) {}

  Tagger(
      EventReader events,
      LabelSets labels,
      ImageLoader images,
      BatchEngine engine,
      ResultEncoder results,
      Workers workers,
      Deadlines deadlines,
      StageClock stages,
      Clock clock) {
    this.events = events;
    this.labels = labels;
    this.images = images;
    this.engine = engine;
    this.results = results;
    this.workers = workers;
    this.deadlines = deadlines;
    this.stages = stages;
    this.faults = new EventFaults(stages);
    this.clock = clock;
  }

  @Override
  public CompletableFuture<List<Output>> start(InputRecord record) {
    CompletableFuture<List<Output>> answer = new CompletableFuture<>();
    try {
      var unused =
          CompletableFuture.completedFuture(record)
              .thenComposeAsync(
                  taken -> takeUp(taken, answer), stages.queuedFor(Stage.READ, workers.decoders()))
              .handleAsync(
                  (tagged, failure) -> {
                    Verdict verdict = failure == null ? tagged : EventFaults.reject(failure);
                    return stages.time(Stage.FINISH, () -> results.encode(record, verdict));
                  },
                  stages.queuedFor(Stage.FINISH, workers.finishers()))
              .whenComplete(
                  (outputs, failure) -> {
                    if (failure == null) {
                      answer.complete(outputs);
                    } else {
                      answer.completeExceptionally(failure);
                    }
                  });
    } catch (RejectedExecutionException e) {
      // Closing: the record stays uncommitted and is read again by its next owner.
      answer.completeExceptionally(e);
    }
    return answer;
  }

  /**
   * A partition that moves leaves hundreds of records behind; the device must not be kept busy with
   * what nobody will forward.
   */
  private static void stopIfDropped(Future<?> answer) {
    if (answer.isCancelled()) {
      throw new CancellationException("The record's partition has moved on");
    }
  }

  /** On a decoder. Goes on there at once in the usual case: known labels, inline image. */
  private CompletableFuture<Verdict> takeUp(InputRecord record, Future<?> answer) {
    stopIfDropped(answer);
    ImageEvent event =
        faults.isolating(record, null, RejectStage.READ, Stage.READ, () -> events.read(record));
    CompletableFuture<LabelSnapshot> known =
        labels.whenKnown(event.getLabelSets(), deadlines.unknownLabelSet());
    return known.isDone()
        ? load(record, event, known.join(), answer)
        : known.thenComposeAsync(
            snapshot -> load(record, event, snapshot, answer),
            stages.queuedFor(Stage.RESOLVE, workers.decoders()));
  }

  /** On a decoder; an image that is not inline comes back to one when its bytes are there. */
  private CompletableFuture<Verdict> load(
      InputRecord record, ImageEvent event, LabelSnapshot snapshot, Future<?> answer) {
    List<String> unknown = snapshot.unknown(event.getLabelSets());
    if (!unknown.isEmpty()) {
      throw new RejectedEventException(
          event,
          RejectReason.UNKNOWN_LABEL_SET,
          RejectStage.RESOLVE,
          "no label set in force has the name " + String.join(", ", unknown));
    }
    if (!ImageLoader.isRemote(event)) {
      return embed(record, event, snapshot, resolve(record, event), answer);
    }
    return CompletableFuture.supplyAsync(
            () -> resolve(record, event), stages.queuedFor(Stage.RESOLVE, workers.sources()))
        .orTimeout(deadlines.source().toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(
            failure -> {
              throw EventFaults.ofSource(event, failure, deadlines.source());
            })
        .thenComposeAsync(
            bytes -> embed(record, event, snapshot, bytes, answer),
            stages.queuedFor(Stage.DECODE, workers.decoders()));
  }

  private ImageBytes resolve(InputRecord record, ImageEvent event) {
    return faults.isolating(
        record, event, RejectStage.RESOLVE, Stage.RESOLVE, () -> images.resolve(event));
  }

  /** On a decoder, which is held until the batch has a free place for the pixels. */
  private CompletableFuture<Verdict> embed(
      InputRecord record,
      ImageEvent event,
      LabelSnapshot snapshot,
      ImageBytes bytes,
      Future<?> answer) {
    stopIfDropped(answer);
    ImageLoader.Loaded image =
        faults.isolating(
            record, event, RejectStage.DECODE, Stage.DECODE, () -> images.decode(event, bytes));
    return stages
        .time(Stage.AWAIT_BATCH, () -> submitted(image.pixels()))
        .handle(
            (vector, failure) -> {
              if (failure != null) {
                throw EventFaults.ofModel(event, failure);
              }
              return new Verdict.Tagged(event, image.info(), vector, snapshot, clock.instant());
            });
  }

  private CompletableFuture<float[]> submitted(byte[] pixels) {
    try {
      return engine.submit(pixels);
    } catch (InterruptedException e) {
      // Closing: the record stays uncommitted and is read again by its next owner.
      Thread.currentThread().interrupt();
      return CompletableFuture.failedFuture(e);
    }
  }
}
