package dev.tagstream.model.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** Writes random weights as a safetensors file, a buffer at a time. */
public final class SafetensorsWriter {
  private static final int BUFFER_BYTES = 1 << 20;

  private final FileChannel channel;
  private final WeightType type;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private SafetensorsWriter(FileChannel channel, WeightType type) {
    this.channel = channel;
    this.type = type;
  }

  /**
   * Writes every tensor of a model of this shape. The file appears under its name only once it is
   * whole.
   */
  public static void writeRandom(Path file, CheckpointShape shape, long seed) throws IOException {
    Map<String, List<Long>> shapes = ClipWeights.shapes(shape.config());
    Path unfinished = Files.createTempFile(file.toAbsolutePath().getParent(), "weights", ".part");
    try {
      try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
        SafetensorsWriter writer = new SafetensorsWriter(channel, shape.type());
        writer.header(shapes);
        RandomWeights random = new RandomWeights(seed);
        for (Map.Entry<String, List<Long>> tensor : shapes.entrySet()) {
          writer.tensor(random.of(tensor.getKey(), tensor.getValue()), elements(tensor.getValue()));
        }
        writer.flush();
      }
      Files.move(
          unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private void header(Map<String, List<Long>> shapes) throws IOException {
    ObjectNode header = JsonMapper.builder().build().createObjectNode();
    header.putObject("__metadata__").put("format", "pt");
    long offset = 0;
    for (Map.Entry<String, List<Long>> tensor : shapes.entrySet()) {
      long end = offset + elements(tensor.getValue()) * type.bytes();
      ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", type.name());
      tensor.getValue().forEach(entry.putArray("shape")::add);
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    String json = header.toString();
    // Spaces up to a multiple of eight keep the weights aligned, as the format advises.
    byte[] bytes =
        (json + " ".repeat(7 - (json.length() + 7) % 8)).getBytes(StandardCharsets.UTF_8);
    buffer.putLong(bytes.length);
    flush();
    ByteBuffer text = ByteBuffer.wrap(bytes);
    while (text.hasRemaining()) {
      channel.write(text);
    }
  }

  private void tensor(RandomWeights.Source values, long count) throws IOException {
    for (long i = 0; i < count; i++) {
      if (buffer.remaining() < type.bytes()) {
        flush();
      }
      float value = values.next();
      switch (type) {
        case F32 -> buffer.putFloat(value);
        case F16 -> buffer.putShort(HalfFloat.fromFloat(value));
        case BF16 -> buffer.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
      }
    }
  }

  private void flush() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  private static long elements(List<Long> shape) {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }
}
