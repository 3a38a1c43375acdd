package dev.tagstream.model.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small tensors in memory, by which tests lay the same weights out in other ways. */
public record Tensors(Map<String, Tensor> byName) {

  /**
   * A tensor.
   *
   * @param bytes row by row, little-endian
   */
  @SuppressWarnings("ArrayRecordComponent") // only handed from reader to writer
  public record Tensor(WeightType type, List<Long> shape, byte[] bytes) {

    Tensor transpose() {
      int rows = Math.toIntExact(shape.get(0));
      int columns = Math.toIntExact(shape.get(1));
      int width = type.bytes();
      byte[] turned = new byte[bytes.length];
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          System.arraycopy(
              bytes,
              (row * columns + column) * width,
              turned,
              (column * rows + row) * width,
              width);
        }
      }
      return new Tensor(type, List.of(shape.get(1), shape.get(0)), turned);
    }
  }

  /** All tensors of a safetensors file. */
  public static Tensors read(Path file) throws IOException {
    byte[] all = Files.readAllBytes(file);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    SafetensorsFile.read(file)
        .tensors()
        .forEach(
            (name, stored) -> {
              byte[] bytes = new byte[Math.toIntExact(stored.length())];
              System.arraycopy(all, Math.toIntExact(stored.offset()), bytes, 0, bytes.length);
              tensors.put(name, new Tensor(stored.type(), stored.shape(), bytes));
            });
    return new Tensors(tensors);
  }

  /** Writes them as a safetensors file. */
  public void write(Path file) throws IOException {
    ObjectNode header = JsonMapper.builder().build().createObjectNode();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    byName.forEach(
        (name, tensor) -> {
          ObjectNode entry = header.putObject(name).put("dtype", tensor.type().name());
          tensor.shape().forEach(entry.putArray("shape")::add);
          int end = data.size() + tensor.bytes().length;
          entry.putArray("data_offsets").add(data.size()).add(end);
          data.writeBytes(tensor.bytes());
        });
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(length.putLong(text.length).array());
    out.writeBytes(text);
    out.writeBytes(data.toByteArray());
    Files.write(file, out.toByteArray());
  }

  /** Those whose names are, or are not, among these. */
  public Tensors only(boolean among, List<String> names) {
    Map<String, Tensor> some = new LinkedHashMap<>(byName);
    some.keySet().removeIf(name -> names.contains(name) != among);
    return new Tensors(some);
  }

  /** The same weights under OpenCLIP's names: attention fused, projections transposed. */
  public Tensors toOpenClip() {
    Map<String, List<Tensor>> parts = new LinkedHashMap<>();
    byName.forEach(
        (name, tensor) -> {
          OpenClipTensors place = OpenClipTensors.of(name);
          List<Tensor> whole = parts.computeIfAbsent(place.name(), key -> new ArrayList<>());
          // Queries, keys and values come in another order than OpenCLIP fuses them.
          int position = place.parts() == 1 ? 0 : Math.min(place.part(), whole.size());
          whole.add(position, place.transposed() ? tensor.transpose() : tensor);
        });
    Map<String, Tensor> fused = new LinkedHashMap<>();
    parts.forEach((name, tensors) -> fused.put(name, concatenated(tensors)));
    return new Tensors(fused);
  }

  private static Tensor concatenated(List<Tensor> parts) {
    Tensor first = parts.get(0);
    List<Long> shape = new ArrayList<>(first.shape());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    parts.forEach(part -> bytes.writeBytes(part.bytes()));
    if (parts.size() > 1) {
      shape.set(0, shape.get(0) * parts.size());
    }
    return new Tensor(first.type(), shape, bytes.toByteArray());
  }
}
