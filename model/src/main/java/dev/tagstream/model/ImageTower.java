package dev.tagstream.model;

import dev.tagstream.model.checkpoint.CheckpointFolder;
import dev.tagstream.model.checkpoint.ClipConfig;
import dev.tagstream.model.graph.ComputeType;
import dev.tagstream.model.graph.ImageTowerGraph;
import dev.tagstream.model.runtime.ModelInput;
import dev.tagstream.model.runtime.OnnxModel;
import dev.tagstream.model.runtime.OnnxModel.Concurrency;
import dev.tagstream.model.runtime.RunDevice;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The half of a CLIP model that embeds images, on one device.
 *
 * <p>All methods may be called from any thread, at the same time; {@link #close} waits for running
 * calls.
 */
public final class ImageTower implements AutoCloseable {
  /** One computes while the next one's pixels are copied; more would only take memory. */
  private static final int CUDA_RUNS = 2;

  private final int side;
  private final RunDevice device;
  private final ComputeType compute;
  private final OnnxModel tower;

  private ImageTower(int side, RunDevice device, ComputeType compute, OnnxModel tower) {
    this.side = side;
    this.device = device;
    this.compute = compute;
    this.tower = tower;
  }

  static ImageTower load(CheckpointFolder folder, RunDevice device, ModelOptions options) {
    ComputeType compute = options.compute().on(device);
    byte[] graph =
        ImageTowerGraph.build(folder.config(), folder.pixels(), folder.weights(), compute);
    Concurrency concurrency =
        device.isCuda()
            ? new Concurrency(1, Math.min(CUDA_RUNS, options.concurrentRuns()))
            : new Concurrency(options.threads(), options.concurrentRuns());
    return new ImageTower(
        folder.config().imageSize(),
        device,
        compute,
        OnnxModel.load("image", graph, folder.weights().folder(), device, concurrency));
  }

  /** The device it runs on: {@code cpu} or {@code cuda:N}. */
  public String device() {
    return device.toString();
  }

  /** The number format it computes in. */
  public ComputeType compute() {
    return compute;
  }

  /** Width and height, in pixels, of the square that it takes. */
  public int imageSize() {
    return side;
  }

  /**
   * How many calls of {@link #embedPixels} run at a time; to use all of the device, keep as many
   * going.
   */
  public int concurrentRuns() {
    return tower.concurrentRuns();
  }

  /**
   * Embeds images that are already pixels.
   *
   * @param pixels a direct buffer that holds, from position 0, {@code count} images of {@link
   *     #imageSize} squared: bytes, RGB, row-major, that is {@code [count, size, size, 3]}; its
   *     position and limit are left alone. It must not change during the call.
   * @param count at least 1
   * @return {@code [count][dimension]}, each row of length one
   * @throws dev.tagstream.model.runtime.InferenceException if the device fails
   */
  public float[][] embedPixels(ByteBuffer pixels, int count) {
    long needed = (long) count * side * side * ClipConfig.CHANNELS;
    if (!pixels.isDirect() || count < 1 || needed > pixels.limit()) {
      throw new IllegalArgumentException(
          count + " images of this model take a direct buffer of " + needed + " bytes");
    }
    return tower.run(
        List.of(
            ModelInput.bytes(
                ImageTowerGraph.PIXELS, pixels, count, side, side, ClipConfig.CHANNELS)));
  }

  /** Waits for running calls, then frees the weights' memory. May be called more than once. */
  @Override
  public void close() {
    tower.close();
  }
}
