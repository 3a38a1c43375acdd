package dev.tagstream.model.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Reads the header of a safetensors file: eight bytes of little-endian header length, a JSON object
 * of that length, then the data that its offsets point into (format: <a
 * href="https://github.com/huggingface/safetensors#format">safetensors</a>). Only the header is
 * read; every offset in it is checked against the file's real length.
 */
final class SafetensorsFile {
  /** The limit of the reference implementation. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private static final byte[] LFS_POINTER =
      "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

  private SafetensorsFile() {}

  /**
   * Reads a file's header.
   *
   * @throws CheckpointException if the file is missing, truncated or not a safetensors file
   */
  static WeightFile read(Path path) {
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

  private static WeightFile read(String name, Path real, FileChannel channel) throws IOException {
    long size = channel.size();
    ByteBuffer start = TensorReader.readFully(channel, 0, (int) Math.min(size, 64));
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
    TensorReader.readFully(channel, 8, (int) headerLength).get(header);
    JsonNode root = MAPPER.readTree(header);
    if (root == null || !root.isObject()) {
      throw new CheckpointException(name + " has a header that is not a JSON object.");
    }
    return weights(name, real, root, 8 + headerLength, size);
  }

  private static WeightFile weights(
      String name, Path real, JsonNode header, long dataStart, long size) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    Set<String> buffers = new LinkedHashSet<>();
    ByteRanges taken = new ByteRanges(name);
    for (Map.Entry<String, JsonNode> field : header.properties()) {
      if (!field.getKey().equals("__metadata__")) {
        TensorEntry entry =
            TensorEntry.read(name, real, field.getKey(), field.getValue(), dataStart, size);
        taken.add(field.getKey(), entry.begin(), entry.end());
        entry
            .weight()
            .ifPresentOrElse(
                tensor -> tensors.put(tensor.name(), tensor), () -> buffers.add(field.getKey()));
      }
    }
    taken.refuseOverlaps();
    return new WeightFile(real, tensors, buffers);
  }

  static void refuseLfsPointer(String name, ByteBuffer start) {
    if (start.remaining() >= LFS_POINTER.length
        && start.slice(0, LFS_POINTER.length).equals(ByteBuffer.wrap(LFS_POINTER))) {
      throw new CheckpointException(
          name + " is a Git LFS pointer, not the weights: run `git lfs pull` in its folder.");
    }
  }
}
