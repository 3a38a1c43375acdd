package dev.tagstream.model;

import dev.tagstream.model.checkpoint.CheckpointFolder;
import dev.tagstream.model.checkpoint.ClipConfig;
import dev.tagstream.model.graph.ComputeType;
import dev.tagstream.model.graph.TextTowerGraph;
import dev.tagstream.model.image.ImagePreprocessor;
import dev.tagstream.model.image.ImageRejectedException;
import dev.tagstream.model.runtime.DeviceChoice;
import dev.tagstream.model.runtime.OnnxModel;
import dev.tagstream.model.runtime.OnnxModel.Concurrency;
import dev.tagstream.model.runtime.RunDevice;
import dev.tagstream.model.text.ClipTokenizer;
import dev.tagstream.model.text.TextEncoder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A CLIP model: images and texts to vectors of one space, in which a picture lies close to its
 * description.
 *
 * <p>It runs the weights of a checkpoint where they lie. All methods may be called from any thread,
 * at the same time; {@link #close} waits for running calls.
 */
public final class ClipModel implements AutoCloseable {
  private final CheckpointFolder folder;
  private final ModelOptions options;
  private final Checkpoint checkpoint;
  private final ImagePreprocessor preprocessor;
  private final ImageTower imageTower;
  private final TextEncoder texts;

  private ClipModel(
      CheckpointFolder folder,
      ModelOptions options,
      Checkpoint checkpoint,
      ImageTower imageTower,
      TextEncoder texts) {
    this.folder = folder;
    this.options = options;
    this.checkpoint = checkpoint;
    this.preprocessor =
        new ImagePreprocessor(checkpoint.pixels(), options.limits(), options.applyOrientation());
    this.imageTower = imageTower;
    this.texts = texts;
  }

  /**
   * Loads a checkpoint.
   *
   * @param path a folder in the layout of Hugging Face ({@code config.json}, {@code
   *     preprocessor_config.json}, {@code tokenizer.json}, {@code model.safetensors}) or of
   *     OpenCLIP ({@code open_clip_config.json}, {@code tokenizer.json}, {@code
   *     open_clip_model.safetensors}), or the weights file of one. Weights must stay as they are
   *     while the model is open, because the runtime reads them in place
   * @throws dev.tagstream.model.checkpoint.CheckpointException if the checkpoint cannot be used,
   *     saying why
   * @throws dev.tagstream.model.runtime.DeviceUnavailableException if the options name a device
   *     that cannot be used
   */
  public static ClipModel load(Path path, ModelOptions options) {
    return DeepStack.call(() -> loadHere(path, options));
  }

  private static ClipModel loadHere(Path path, ModelOptions options) {
    CheckpointFolder folder = CheckpointFolder.open(path);
    RunDevice device = RunDevice.resolve(options.device());
    ComputeType compute = options.compute().on(device);
    // Hashing gigabytes takes as long as loading them: it goes on beside it.
    CompletableFuture<Checkpoint> described =
        CompletableFuture.supplyAsync(() -> Checkpoint.describe(folder, options, compute));
    ImageTower imageTower = ImageTower.load(folder, device, options);
    try {
      // Texts come in one long list now and then: one call at a time gets every core.
      int cores = options.threads() * options.concurrentRuns();
      TextEncoder texts = textEncoder(folder, device, compute, new Concurrency(cores, 1));
      try {
        return new ClipModel(folder, options, result(described), imageTower, texts);
      } catch (RuntimeException e) {
        texts.close();
        throw e;
      }
    } catch (RuntimeException e) {
      imageTower.close();
      throw e;
    }
  }

  private static TextEncoder textEncoder(
      CheckpointFolder folder, RunDevice device, ComputeType compute, Concurrency concurrency) {
    ClipConfig config = folder.config();
    ClipTokenizer tokenizer =
        ClipTokenizer.load(folder.tokenizer(), config.contextLength(), config.vocabularySize());
    try {
      byte[] graph = TextTowerGraph.build(config, folder.weights(), compute);
      OnnxModel tower =
          OnnxModel.load("text", graph, folder.weights().folder(), device, concurrency);
      return new TextEncoder(tokenizer, tower, config.eosTokenId());
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static <T> T result(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Which model this is. */
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /** The device it runs on: {@code cpu} or {@code cuda:N}. */
  public String device() {
    return imageTower.device();
  }

  /** The number format it computes in there. */
  public ComputeType compute() {
    return imageTower.compute();
  }

  /**
   * How many calls of {@link #embedPixels} run at a time; to use all of the device, keep as many
   * going.
   */
  public int concurrentRuns() {
    return imageTower.concurrentRuns();
  }

  /** The half that embeds images; closed with this model. */
  public ImageTower imageTower() {
    return imageTower;
  }

  /**
   * Loads the half that embeds images once more, for another device. Its vectors are of the same
   * space; the files are not hashed again, since they must stay as they are.
   *
   * @return the caller's to close; may outlive this model
   * @throws dev.tagstream.model.checkpoint.CheckpointException if the weights do not fit the number
   *     format of that device
   * @throws dev.tagstream.model.runtime.DeviceUnavailableException if the device cannot be used
   */
  public ImageTower imageTowerOn(DeviceChoice other) {
    return DeepStack.call(
        () -> {
          RunDevice device = RunDevice.resolve(other);
          ComputeType there = options.compute().on(device);
          if (there.weights() != compute().weights()) {
            folder.weights().requireFinite(there.weights());
          }
          return ImageTower.load(folder, device, options);
        });
  }

  /** Makes the pixels that this checkpoint takes of a picture file. Thread-safe. */
  public ImagePreprocessor preprocessor() {
    return preprocessor;
  }

  /**
   * Embeds one picture file: decodes, resizes, crops and runs it.
   *
   * @param encoded a whole JPEG, PNG, WebP, GIF, BMP or TIFF file
   * @return a vector of length one
   * @throws ImageRejectedException if the file is damaged, unknown or over a limit of the options
   * @throws dev.tagstream.model.runtime.InferenceException if the device fails
   */
  public float[] embedImage(byte[] encoded) throws ImageRejectedException {
    byte[] pixels = preprocessor.prepare(encoded).pixels();
    return embedPixels(ByteBuffer.allocateDirect(pixels.length).put(pixels), 1)[0];
  }

  /** Embeds images that are already pixels: {@link ImageTower#embedPixels}. */
  public float[][] embedPixels(ByteBuffer pixels, int count) {
    return imageTower.embedPixels(pixels, count);
  }

  /**
   * Embeds texts. Those longer than the checkpoint's context length lose their end.
   *
   * @return {@code [texts][dimension]}, each row of length one
   * @throws dev.tagstream.model.runtime.InferenceException if the device fails
   */
  public float[][] embedTexts(List<String> prompts) {
    return texts.embed(prompts);
  }

  /** Waits for running calls, then frees the weights' memory. May be called more than once. */
  @Override
  public void close() {
    imageTower.close();
    texts.close();
  }
}
