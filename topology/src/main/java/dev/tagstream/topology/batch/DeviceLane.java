package dev.tagstream.topology.batch;

import dev.tagstream.topology.batch.Takers.Taker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device of a {@link BatchEngine}: the threads that run its batches, and what they count.
 *
 * <p>A device that fails even on a blank image hands its batch on while there is another one, and
 * takes no more until a blank image runs on it again. Where there is no other, the batch fails.
 *
 * <p>The public methods may be called by any thread.
 */
public final class DeviceLane {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceLane.class);

  private final String name;
  private final WatchedDevice device;
  private final BatchQueue queue;
  private final Taker taker;
  private final BatchListener listener;
  private final Duration trialPause;
  private final List<Thread> threads = new ArrayList<>();
  private final BatchCounters counters = new BatchCounters();
  private final BusyTime busy = new BusyTime();

  DeviceLane(
      NamedDevice named,
      int inFlight,
      BatchQueue queue,
      BatchListener listener,
      Duration trialPause) {
    this.name = named.name();
    this.device = new WatchedDevice(named.device());
    this.queue = queue;
    this.taker = queue.join(inFlight);
    this.listener = listener;
    this.trialPause = trialPause;
    for (int i = 0; i < inFlight; i++) {
      Thread thread = new Thread(this::runBatches, "tagstream-device-" + name + "-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
  }

  /** To be called once all devices have joined the queue. */
  void start() {
    threads.forEach(Thread::start);
  }

  /** Of the device, such as {@code cuda:0}. */
  public String name() {
    return name;
  }

  /** Totals so far; nobody is ever held up by one device, so no time of it is counted here. */
  public BatchStats stats() {
    return counters.soFar();
  }

  /** Time so far in which the device had at least one batch. */
  public Duration busy() {
    return Duration.ofNanos(busy.nanos(System.nanoTime()));
  }

  /** How long the oldest call of the device that has not returned is running; zero if none is. */
  public Duration longestCall() {
    return device.longestCall();
  }

  /** Whether the device gets batches; false while it fails and others do its work. */
  public boolean takesPart() {
    return !queue.isOut(taker);
  }

  /** For the warm-up, whose calls are watched too. */
  Device device() {
    return device;
  }

  /** Waits for the batches that are running; the queue is closed already. */
  void join() {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void runBatches() {
    BatchRunner runner = new BatchRunner(device);
    for (Batch batch = queue.take(taker); batch != null; batch = queue.take(taker)) {
      run(runner, batch);
    }
  }

  private void run(BatchRunner runner, Batch batch) {
    long start = System.nanoTime();
    busy.started(start);
    Object[] outcomes;
    try {
      outcomes = runner.run(batch);
    } catch (DeviceFailedException e) {
      if (handedOn(batch, start, e)) {
        awaitRecovery(runner);
        return;
      }
      outcomes = failed(batch, e);
    } catch (Throwable e) {
      // Even an Error must not leave futures that never complete. It is not the device's.
      counters.deviceFailures.increment();
      outcomes = failed(batch, new DeviceFailedException(e.toString(), e));
    }
    finish(batch, start, outcomes);
  }

  private boolean handedOn(Batch batch, long start, DeviceFailedException failure) {
    counters.deviceFailures.increment();
    boolean handedOn = queue.handOn(batch, taker);
    if (handedOn) {
      ended(start);
      LOG.warn("{} is left out, and its batch goes to another device", name, failure);
    }
    return handedOn;
  }

  private void ended(long start) {
    long end = System.nanoTime();
    busy.ended(end);
    counters.deviceNanos.add(end - start);
  }

  private static Object[] failed(Batch batch, DeviceFailedException failure) {
    Object[] outcomes = new Object[batch.size()];
    Arrays.fill(outcomes, failure);
    return outcomes;
  }

  private void awaitRecovery(BatchRunner runner) {
    while (queue.awaitTrial(taker, trialPause)) {
      if (runner.deviceWorks()) {
        queue.readmit(taker);
        LOG.info("{} works again and takes part", name);
      }
    }
  }

  /** Frees the buffer before anybody hears of results: what they do must not hold the device. */
  private void finish(Batch batch, long start, Object[] outcomes) {
    ended(start);
    List<CompletableFuture<float[]>> results = batch.results();
    counters.queuedNanos.add(batch.queuedNanos(start));
    counters.batches.increment();
    counters.images.add(results.size());
    listener.ran(name, results.size());
    queue.release(batch);
    for (int i = 0; i < outcomes.length; i++) {
      complete(results.get(i), outcomes[i]);
    }
  }

  private void complete(CompletableFuture<float[]> result, Object outcome) {
    if (outcome instanceof float[] vector) {
      result.complete(vector);
    } else {
      if (outcome instanceof PoisonImageException) {
        counters.poisoned.increment();
      }
      result.completeExceptionally((RuntimeException) outcome);
    }
  }
}
