package dev.tagstream.topology.bench;

import dev.tagstream.model.image.ImagePreprocessor;
import dev.tagstream.topology.batch.BatchEngine;
import dev.tagstream.topology.batch.BatchListener;
import dev.tagstream.topology.batch.BatchOptions;
import dev.tagstream.topology.batch.Device;
import dev.tagstream.topology.batch.NamedDevice;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.tagging.ModelOnDevices;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** What the machine can do with the same threads and batches when there is no Kafka. */
final class WithoutKafka {
  private final TagstreamConfig config;
  private final ModelOnDevices model;
  private final int images;

  WithoutKafka(TagstreamConfig config, ModelOnDevices model, int images) {
    this.config = config;
    this.model = model;
    this.images = images;
  }

  /** Images a second of the model alone: full batches, as many at once as may be in flight. */
  double raw() {
    BatchOptions options = options();
    int batch = options.maxBatch();
    List<NamedDevice> devices = model.devices();
    AtomicInteger thread = new AtomicInteger();
    AtomicInteger left = new AtomicInteger(images);
    Arrivals arrivals = new Arrivals();
    onThreads(
        devices.size() * options.inFlight(),
        () -> {
          Device device = devices.get(thread.getAndIncrement() % devices.size()).device();
          ByteBuffer pixels = ByteBuffer.allocateDirect(batch * device.inputBytes());
          while (left.getAndAdd(-batch) > 0) {
            device.run(pixels, batch);
            arrivals.add(batch);
          }
        });
    return arrivals.perSecond();
  }

  /** Images a second of decoding and model together. */
  double ideal(List<byte[]> files) {
    AtomicInteger next = new AtomicInteger();
    Arrivals arrivals = new Arrivals();
    List<CompletableFuture<Void>> results = new ArrayList<>();
    ImagePreprocessor preprocessor = model.clip().preprocessor();
    try (BatchEngine engine = new BatchEngine(model.devices(), options(), BatchListener.NONE)) {
      onThreads(
          config.batch().decodeWorkers(),
          () -> {
            for (int i = next.getAndIncrement(); i < images; i = next.getAndIncrement()) {
              CompletableFuture<float[]> vector =
                  engine.submit(preprocessor.prepare(files.get(i % files.size())).pixels());
              synchronized (results) {
                results.add(vector.thenAccept(ignored -> arrivals.add(1)));
              }
            }
          });
      CompletableFuture.allOf(results.toArray(CompletableFuture[]::new)).join();
    }
    return arrivals.perSecond();
  }

  private BatchOptions options() {
    return new BatchOptions(
        config.batch().sizeOn(model.clip().device()), config.batch().inFlight());
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void onThreads(int threads, Work work) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(
            CompletableFuture.runAsync(
                () -> {
                  try {
                    work.run();
                  } catch (Exception e) {
                    throw new CompletionException(e);
                  }
                },
                pool));
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    } finally {
      pool.shutdown();
    }
  }
}
