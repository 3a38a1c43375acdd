package dev.tagstream.topology.batch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Batches images of all partitions, tasks and threads for one device or several. A free device
 * takes whatever waits, at once, up to the maximum batch: no linger when idle, full batches under
 * load. Of several free ones the least busy takes it.
 *
 * <p>Memory is bounded by its buffers, for each device one per batch in flight and one that fills;
 * a submitter is held while all are taken. A buffer is free again when its batch has run, not when
 * results are forwarded, so that a slow head of a partition cannot stop the device.
 *
 * <p>A device that fails while others work hands its batch on to them and is left out until it runs
 * a blank image again. One that hangs keeps the batches it has; see {@link #longestDeviceCall}.
 *
 * <p>Threads: any thread may submit. Futures complete on a device thread; dependents that do more
 * than a little should use the {@code Async} forms.
 */
public final class BatchEngine implements AutoCloseable {
  /** Between two trials of a device that is left out: it costs one blank image. */
  private static final Duration TRIAL_PAUSE = Duration.ofSeconds(5);

  private static final BatchStats NONE_YET = new BatchStats(0, 0, 0, 0, 0, 0, 0);

  private final int imageBytes;
  private final BatchOptions options;
  private final BatchQueue queue;
  private final List<DeviceLane> devices;

  /** For a device whose name does not matter. */
  public BatchEngine(Device device, BatchOptions options) {
    this(List.of(new NamedDevice("device", device)), options, BatchListener.NONE);
  }

  /**
   * Allocates the buffers and starts the device threads.
   *
   * @param devices at least one, each under a name of its own; all take images of one size and give
   *     the same vectors
   * @param options hold for each device
   * @param listener is told of each batch
   */
  public BatchEngine(List<NamedDevice> devices, BatchOptions options, BatchListener listener) {
    this(devices, options, listener, TRIAL_PAUSE);
  }

  BatchEngine(
      List<NamedDevice> devices,
      BatchOptions options,
      BatchListener listener,
      Duration trialPause) {
    this.imageBytes = imageBytes(devices);
    this.options = options;
    this.queue = new BatchQueue(options.maxBatch(), imageBytes);
    this.devices =
        devices.stream()
            .map(device -> new DeviceLane(device, options.inFlight(), queue, listener, trialPause))
            .toList();
    this.devices.forEach(DeviceLane::start);
  }

  private static int imageBytes(List<NamedDevice> devices) {
    long names = devices.stream().map(NamedDevice::name).distinct().count();
    List<Integer> sizes =
        devices.stream().map(device -> device.device().inputBytes()).distinct().toList();
    if (names != devices.size() || sizes.size() != 1) {
      throw new IllegalArgumentException(
          "Devices need names of their own and images of one size, not %s bytes: %s"
              .formatted(sizes, devices));
    }
    return sizes.get(0);
  }

  /**
   * Puts a prepared image into the next batch; blocks while all buffers are taken.
   *
   * @param pixels exactly {@link Device#inputBytes()} bytes, free for reuse on return
   * @return the image's vector; fails with {@link PoisonImageException} if this image is to blame,
   *     with {@link DeviceFailedException} if none is and no device works, or the engine is closed
   * @throws InterruptedException if interrupted while held; nothing was submitted then
   */
  public CompletableFuture<float[]> submit(byte[] pixels) throws InterruptedException {
    if (pixels.length != imageBytes) {
      throw new IllegalArgumentException(
          "An image has %d bytes, not %d".formatted(imageBytes, pixels.length));
    }
    return queue.submit(pixels);
  }

  /** Each device, in the order given. */
  public List<DeviceLane> devices() {
    return devices;
  }

  /** Totals so far, all devices together. */
  public BatchStats stats() {
    return devices.stream()
        .map(DeviceLane::stats)
        .reduce(NONE_YET.withBlocked(queue.blockedNanos()), BatchStats::plus);
  }

  /** How it batches. */
  public BatchOptions options() {
    return options;
  }

  /** How long the oldest call of any device that has not returned is running; zero if none is. */
  public Duration longestDeviceCall() {
    return devices.stream()
        .map(DeviceLane::longestCall)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /**
   * Runs full batches of blank images on all devices, as many at once as will be in flight, and
   * says how long they took. The first call also pays for what a device does only once; call it
   * again to measure.
   *
   * @throws DeviceFailedException naming a device that cannot run them
   */
  public Duration warmUp() {
    return WarmUp.run(devices, options, imageBytes);
  }

  /**
   * Fails all outstanding futures and waits for the batches now running, since a device may not be
   * closed under them. Calling it again does nothing.
   */
  @Override
  public void close() {
    queue.close().forEach(orphan -> orphan.completeExceptionally(isClosed()));
    devices.forEach(DeviceLane::join);
  }

  static DeviceFailedException isClosed() {
    return new DeviceFailedException("The batch engine is closed", null);
  }
}
