package dev.tagstream.topology.bench;

import java.util.List;
import java.util.Map;

/**
 * What was measured, each as the median of the rounds.
 *
 * @param model name of the checkpoint
 * @param device what it ran on
 * @param compute the number format it computed in
 * @param images in each measurement
 * @param rounds measurements of each kind, taken in turns
 * @param rawPerSecond images a second of the model alone, on pixels made before
 * @param idealPerSecond decoding and model on the same cores, without Kafka; of a round, the mean
 *     of before and after end to end
 * @param endToEndPerSecond from a preloaded topic to results that a {@code read_committed} consumer
 *     sees, exactly-once
 * @param ratio median over the rounds of end to end by ideal of the same round
 * @param ratios the same of every round
 * @param stageMillis milliseconds of thread time an image in each stage, end to end
 * @param meanBatch mean images in a batch, end to end
 */
public record BenchReport(
    String model,
    String device,
    String compute,
    int images,
    int rounds,
    double rawPerSecond,
    double idealPerSecond,
    double endToEndPerSecond,
    double ratio,
    List<Double> ratios,
    Map<String, Double> stageMillis,
    double meanBatch) {}
