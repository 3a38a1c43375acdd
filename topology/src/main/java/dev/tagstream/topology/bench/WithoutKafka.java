package dev.tagstream.topology.bench;

import dev.tagstream.model.ClipModel;
import dev.tagstream.model.image.ImageRejectedException;
import dev.tagstream.topology.batch.BatchEngine;
import dev.tagstream.topology.batch.BatchOptions;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.tagging.ModelDevice;
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
  private final ClipModel model;
  private final ModelDevice device;
  private final int images;

  WithoutKafka(TagstreamConfig config, ClipModel model, int images) {
    this.config = config;
    this.model = model;
    this.device = new ModelDevice(model);
    this.images = images;
  }

  /** Images a second of the model alone: full batches, as many at once as may be in flight. */
  double raw() {
    int batch = config.batch().sizeOn(model.device());
    AtomicInteger left = new AtomicInteger(images);
    Arrivals arrivals = new Arrivals();
    onThreads(
        config.batch().inFlight(),
        () -> {
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
    BatchOptions options =
        new BatchOptions(config.batch().sizeOn(model.device()), config.batch().inFlight());
    try (BatchEngine engine = new BatchEngine(device, options)) {
      onThreads(
          config.batch().decodeWorkers(),
          () -> {
            for (int i = next.getAndIncrement(); i < images; i = next.getAndIncrement()) {
              CompletableFuture<float[]> vector =
                  engine.submit(model.preprocessor().prepare(files.get(i % files.size())).pixels());
              synchronized (results) {
                results.add(vector.thenAccept(ignored -> arrivals.add(1)));
              }
            }
          });
      CompletableFuture.allOf(results.toArray(CompletableFuture[]::new)).join();
    }
    return arrivals.perSecond();
  }

  private interface Work {
    void run() throws ImageRejectedException, InterruptedException;
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
                  } catch (ImageRejectedException | InterruptedException e) {
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
