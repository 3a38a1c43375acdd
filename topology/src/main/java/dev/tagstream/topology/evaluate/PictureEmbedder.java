package dev.tagstream.topology.evaluate;

import dev.tagstream.model.ClipModel;
import dev.tagstream.model.image.ImageRejectedException;
import dev.tagstream.topology.client.PictureFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Embeds picture files in batches on all cores. At any time each core holds one encoded and decoded
 * picture and the pixels of one batch; of every picture only the embedding stays.
 */
public final class PictureEmbedder {
  private static final int CPU_BATCH = 8;
  private static final int GPU_BATCH = 64;
  private static final int CHANNELS = 3;

  private final ClipModel model;
  private final Runnable onPicture;

  /**
   * An embedder.
   *
   * @param onPicture called after each picture, by several threads
   */
  public PictureEmbedder(ClipModel model, Runnable onPicture) {
    this.model = model;
    this.onPicture = onPicture;
  }

  /** Either the embedding of a picture, or why there is none. */
  public sealed interface Outcome {
    /** Of length one. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Embedded(float[] embedding) implements Outcome {}

    /** The picture could not be read. */
    record Unreadable(String reason) implements Outcome {}
  }

  /**
   * Embeds all, in the order given.
   *
   * @throws dev.tagstream.model.runtime.InferenceException if the device fails
   */
  public List<Outcome> embed(List<Path> files) {
    int batch = model.device().equals("cpu") ? CPU_BATCH : GPU_BATCH;
    ExecutorService workers =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      List<Future<List<Outcome>>> batches = new ArrayList<>();
      for (int from = 0; from < files.size(); from += batch) {
        List<Path> slice = files.subList(from, Math.min(files.size(), from + batch));
        batches.add(workers.submit(() -> embedBatch(slice)));
      }
      List<Outcome> all = new ArrayList<>();
      for (Future<List<Outcome>> done : batches) {
        all.addAll(result(done));
      }
      return all;
    } finally {
      workers.shutdownNow();
    }
  }

  private List<Outcome> embedBatch(List<Path> files) {
    int size = model.checkpoint().imageSize();
    ByteBuffer pixels = ByteBuffer.allocateDirect(files.size() * size * size * CHANNELS);
    List<String> problems = new ArrayList<>();
    int readable = 0;
    for (Path file : files) {
      String problem = "";
      try {
        pixels.put(model.preprocessor().prepare(PictureFiles.read(file)).pixels());
        readable++;
      } catch (IOException | ImageRejectedException e) {
        problem = reason(e);
      }
      problems.add(problem);
      onPicture.run();
    }
    float[][] embeddings = readable == 0 ? new float[0][] : model.embedPixels(pixels, readable);
    List<Outcome> outcomes = new ArrayList<>();
    int next = 0;
    for (String problem : problems) {
      outcomes.add(
          problem.isEmpty()
              ? new Outcome.Embedded(embeddings[next++])
              : new Outcome.Unreadable(problem));
    }
    return outcomes;
  }

  private static String reason(Exception e) {
    String message = e.getMessage();
    return message == null || message.isEmpty() ? e.getClass().getSimpleName() : message;
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while pictures were embedded", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
  }
}
