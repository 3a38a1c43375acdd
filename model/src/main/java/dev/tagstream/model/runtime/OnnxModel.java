package dev.tagstream.model.runtime;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * A graph, loaded and ready to run from any thread.
 *
 * <p>At most {@code concurrentRuns} calls run at a time; more wait their turn. {@link #close} waits
 * for the running ones, because a session must not go away under them.
 */
public final class OnnxModel implements AutoCloseable {
  private final Model model;
  private final SessionOptions sessionOptions;
  private final int concurrentRuns;
  private final Semaphore permits;
  private final Queue<Predictor<List<ModelInput>, float[][]>> idle = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  /**
   * How a graph is run.
   *
   * @param threads that work on one run; only the CPU has a use for more than one
   * @param concurrentRuns runs at a time
   */
  public record Concurrency(int threads, int concurrentRuns) {
    public Concurrency {
      if (threads < 1 || concurrentRuns < 1) {
        throw new IllegalArgumentException("threads and concurrentRuns have to be at least 1");
      }
    }
  }

  private OnnxModel(Model model, SessionOptions sessionOptions, int concurrentRuns) {
    this.model = model;
    this.sessionOptions = sessionOptions;
    this.concurrentRuns = concurrentRuns;
    this.permits = new Semaphore(concurrentRuns, true);
    for (int i = 0; i < concurrentRuns; i++) {
      idle.add(model.newPredictor(new BatchTranslator()));
    }
  }

  /**
   * Loads a graph.
   *
   * @param name for messages
   * @param graph a serialised ONNX model
   * @param dataFolder the real folder of its external data
   * @throws ModelLoadException if the runtime refuses it
   */
  public static OnnxModel load(
      String name, byte[] graph, Path dataFolder, RunDevice device, Concurrency concurrency) {
    DjlSettings.apply();
    Model model = Model.newInstance(name, device.toDjl(), "OnnxRuntime");
    SessionOptions options = new SessionOptions();
    try {
      // One event about the process is sent all the same: ORT_DISABLE_TELEMETRY=1 stops that too.
      OrtEnvironment.getEnvironment().setTelemetry(false);
      configure(options, dataFolder, concurrency);
      model.load(new ByteArrayInputStream(graph), Map.of("sessionOptions", options));
      return new OnnxModel(model, options, concurrency.concurrentRuns());
    } catch (OrtException | IOException | MalformedModelException | EngineException e) {
      model.close();
      options.close();
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new ModelLoadException(
          "ONNX Runtime cannot load the " + name + " graph: " + reason.getMessage(), e);
    }
  }

  static void configure(SessionOptions options, Path dataFolder, Concurrency concurrency)
      throws OrtException {
    options.setIntraOpNumThreads(concurrency.threads());
    options.setInterOpNumThreads(1);
    // A waiting thread that spins takes the core from the threads that decode images.
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    // Weights stay for as long as the session: the arena, which grows by doubling, is for the rest.
    options.addConfigEntry("session.use_device_allocator_for_initializers", "1");
    options.addConfigEntry(
        "session.model_external_initializers_file_folder_path", dataFolder.toString());
  }

  /** How many calls of {@link #run} run at a time. */
  public int concurrentRuns() {
    return concurrentRuns;
  }

  /**
   * Runs the graph.
   *
   * @return its only output, row by row
   * @throws IllegalStateException if this is closed
   * @throws InferenceException if the runtime fails, or gives a number that is not finite
   */
  public float[][] run(List<ModelInput> inputs) {
    permits.acquireUninterruptibly();
    try {
      Predictor<List<ModelInput>, float[][]> predictor = closed ? null : idle.poll();
      if (predictor == null) {
        throw new IllegalStateException("The model " + model.getName() + " is closed");
      }
      try {
        return finite(predictor.predict(inputs));
      } catch (TranslateException e) {
        Throwable reason = e.getCause() == null ? e : e.getCause();
        throw new InferenceException(
            "ONNX Runtime failed on the " + model.getName() + " graph: " + reason.getMessage(), e);
      } finally {
        idle.add(predictor);
      }
    } finally {
      permits.release();
    }
  }

  /** One such number would spoil every comparison with the row, and say so nowhere. */
  private float[][] finite(float[][] rows) {
    for (int row = 0; row < rows.length; row++) {
      for (float value : rows[row]) {
        if (!Float.isFinite(value)) {
          throw new InferenceException(
              "Row %d of what the %s graph gave is not finite. If the model computes in F16, whose numbers end at 65504, let it compute in F32: model.compute=f32, or --compute f32."
                  .formatted(row, model.getName()));
        }
      }
    }
    return rows;
  }

  /** Waits for running calls, then frees the session. Later calls of this method do nothing. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    permits.acquireUninterruptibly(concurrentRuns);
    closed = true;
    permits.release(concurrentRuns);
    idle.forEach(Predictor::close);
    model.close();
    sessionOptions.close();
  }
}
