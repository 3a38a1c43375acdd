package dev.tagstream.model.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The header of a safetensors file: eight bytes of little-endian header length, a JSON object of
 * that length, then the data that its offsets point into (format: <a
 * href="https://github.com/huggingface/safetensors#format">safetensors</a>). Only the header is
 * read; every offset in it is checked against the file's real length.
 *
 * @param file the real file, symbolic links resolved
 * @param bytes its length
 * @param tensors by name, in the header's order; tensors in formats that no weight has, such as
 *     buffers of integers, are left out
 */
public record SafetensorsFile(Path file, long bytes, Map<String, StoredTensor> tensors) {
  /** The limit of the reference implementation. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private static final byte[] LFS_POINTER =
      "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

  public SafetensorsFile {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * Reads a file's header.
   *
   * @throws CheckpointException if the file is missing, truncated or not a safetensors file
   */
  public static SafetensorsFile read(Path path) {
    String name = String.valueOf(path.getFileName());
    try {
      Path real = path.toRealPath();
      try (FileChannel channel = FileChannel.open(real, StandardOpenOption.READ)) {
        return read(name, real, channel);
      }
    } catch (JacksonException e) {
      throw new CheckpointException(
          name + " has a header that is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CheckpointException("Cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  private static SafetensorsFile read(String name, Path real, FileChannel channel)
      throws IOException {
    long size = channel.size();
    ByteBuffer start = readFully(channel, 0, (int) Math.min(size, 64));
    refuseLfsPointer(name, start);
    if (size < 8) {
      throw new CheckpointException(
          name + " has " + size + " bytes, too few for a safetensors file: download it again.");
    }
    long headerLength = start.getLong(0);
    if (headerLength < 2 || headerLength > MAX_HEADER_BYTES) {
      throw new CheckpointException(
          name
              + " is not a safetensors file: its first eight bytes give a header of "
              + Long.toUnsignedString(headerLength)
              + " bytes.");
    }
    if (headerLength > size - 8) {
      throw new CheckpointException(
          name
              + " is truncated: its header takes "
              + headerLength
              + " bytes, the file has "
              + size
              + " in all. Download it again.");
    }
    byte[] header = new byte[(int) headerLength];
    readFully(channel, 8, (int) headerLength).get(header);
    JsonNode root = MAPPER.readTree(header);
    if (root == null || !root.isObject()) {
      throw new CheckpointException(name + " has a header that is not a JSON object.");
    }
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (!entry.getKey().equals("__metadata__")) {
        new TensorEntry(name, entry.getKey(), entry.getValue(), 8 + headerLength, size)
            .weight()
            .ifPresent(tensor -> tensors.put(tensor.name(), tensor));
      }
    }
    return new SafetensorsFile(real, size, tensors);
  }

  /** Reads one number; for scalars such as the logit scale. */
  float readScalar(StoredTensor tensor) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer value = readFully(channel, tensor.offset(), tensor.type().bytes());
      return switch (tensor.type()) {
        case F32 -> value.getFloat(0);
        case F16 -> HalfFloat.toFloat(value.getShort(0));
        case BF16 -> Float.intBitsToFloat(value.getShort(0) << 16);
      };
    } catch (IOException e) {
      throw new CheckpointException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static ByteBuffer readFully(FileChannel channel, long position, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return buffer.flip();
  }

  private static void refuseLfsPointer(String name, ByteBuffer start) {
    if (start.remaining() >= LFS_POINTER.length
        && start.slice(0, LFS_POINTER.length).equals(ByteBuffer.wrap(LFS_POINTER))) {
      throw new CheckpointException(
          name + " is a Git LFS pointer, not the weights: run `git lfs pull` in its folder.");
    }
  }
}
