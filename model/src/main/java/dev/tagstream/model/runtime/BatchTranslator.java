package dev.tagstream.model.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import java.nio.FloatBuffer;
import java.util.List;

/** Hands whole batches to DJL as they are, and reads the output row by row. */
final class BatchTranslator implements NoBatchifyTranslator<List<ModelInput>, float[][]> {

  @Override
  public NDList processInput(TranslatorContext context, List<ModelInput> inputs) {
    NDList arrays = new NDList(inputs.size());
    inputs.forEach(input -> arrays.add(input.toArray(context.getNDManager())));
    return arrays;
  }

  @Override
  public float[][] processOutput(TranslatorContext context, NDList outputs) {
    NDArray output = outputs.singletonOrThrow();
    int rows = Math.toIntExact(output.getShape().get(0));
    int width = Math.toIntExact(output.getShape().get(1));
    FloatBuffer values = output.toByteBuffer().asFloatBuffer();
    float[][] result = new float[rows][width];
    for (float[] row : result) {
      values.get(row);
    }
    return result;
  }
}
