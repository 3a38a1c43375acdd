package dev.tagstream.model.checkpoint;

import dev.tagstream.model.checkpoint.TorchPickle.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Reads where the tensors of a {@code pytorch_model.bin} lie: a zip file, as {@code torch.save}
 * writes it since PyTorch 1.6, with a pickle {@code data.pkl} that describes the tensors and an
 * entry {@code data/KEY} for each storage, stored and not compressed.
 */
final class TorchFile {
  private static final String PICKLE = "/data.pkl";
  private static final long MAX_PICKLE_BYTES = 64 << 20;
  private static final byte[] ZIP = {'P', 'K', 3, 4};

  private final String name;
  private final Path real;
  private final FileChannel channel;
  private final ZipEntries zip;
  private final String prefix;

  /** Offsets of the storages by key; several tensors may lie in one. */
  private final Map<String, Long> storages = new HashMap<>();

  private final ByteRanges taken;

  private TorchFile(String name, Path real, FileChannel channel, ZipEntries zip) {
    this.name = name;
    this.real = real;
    this.channel = channel;
    this.zip = zip;
    this.prefix = prefix(name, zip);
    this.taken = new ByteRanges(name);
  }

  /**
   * Reads a file's tables of contents.
   *
   * @throws CheckpointException if the file is missing, truncated, or anything but tensors
   */
  static WeightFile read(Path path) {
    String name = String.valueOf(path.getFileName());
    try {
      Path real = path.toRealPath();
      try (FileChannel channel = FileChannel.open(real, StandardOpenOption.READ)) {
        refuseOtherFormats(name, channel);
        return new TorchFile(name, real, channel, ZipEntries.read(name, channel)).tensors();
      }
    } catch (IOException e) {
      throw new CheckpointException("Cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  private static void refuseOtherFormats(String name, FileChannel channel) throws IOException {
    int length = (int) Math.min(channel.size(), 64);
    ByteBuffer start = TensorReader.readFully(channel, 0, length);
    SafetensorsFile.refuseLfsPointer(name, start);
    if (length < ZIP.length || !start.slice(0, ZIP.length).equals(ByteBuffer.wrap(ZIP))) {
      throw new CheckpointException(
          name
              + " is not a zip file. PyTorch before 1.6 wrote bare pickles, which are not read: load"
              + " it with torch.load(FILE, weights_only=True) and save that with torch.save.");
    }
  }

  private static String prefix(String name, ZipEntries zip) {
    List<String> pickles =
        zip.byName().keySet().stream().filter(entry -> entry.endsWith(PICKLE)).toList();
    if (pickles.size() != 1 || zip.byName().keySet().stream().anyMatch(TorchFile::isCode)) {
      throw new CheckpointException(
          name
              + " is a zip file, but not one of torch.save with a dictionary of tensors; programs"
              + " of TorchScript are not run.");
    }
    String pickle = pickles.get(0);
    return pickle.substring(0, pickle.length() - PICKLE.length() + 1);
  }

  private static boolean isCode(String entry) {
    return entry.contains("/code/") || entry.endsWith("/constants.pkl");
  }

  private WeightFile tensors() throws IOException {
    requireLittleEndian();
    byte[] pickle = contents(prefix + "data.pkl", MAX_PICKLE_BYTES);
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    Set<String> buffers = new LinkedHashSet<>();
    for (Map.Entry<String, Tensor> entry : TorchPickle.read(name, pickle).entrySet()) {
      Optional<WeightType> type = TorchNames.weightType(entry.getValue().storage());
      if (type.isPresent()) {
        tensors.put(entry.getKey(), weight(entry.getKey(), entry.getValue(), type.get()));
      } else {
        buffers.add(entry.getKey());
      }
    }
    taken.refuseOverlaps();
    return new WeightFile(real, tensors, buffers);
  }

  private void requireLittleEndian() throws IOException {
    String entry = prefix + "byteorder";
    if (zip.byName().containsKey(entry)) {
      String order = new String(contents(entry, 16), StandardCharsets.US_ASCII).strip();
      if (!order.equals("little")) {
        throw new CheckpointException(
            name + " was saved with " + order + "-endian numbers; only little-endian are read.");
      }
    }
  }

  private byte[] contents(String entryName, long most) throws IOException {
    ZipEntries.Entry entry = entry(entryName);
    long offset = zip.offset(entry, channel);
    if (entry.size() > most) {
      throw new CheckpointException(
          name + ": " + entryName + " has " + entry.size() + " bytes, more than " + most + ".");
    }
    byte[] bytes = TensorReader.readFully(channel, offset, (int) entry.size()).array();
    CRC32 crc = new CRC32();
    crc.update(bytes);
    if (crc.getValue() != entry.crc32()) {
      throw new CheckpointException(
          name + " is damaged: " + entryName + " fails its checksum. Download it again.");
    }
    return bytes;
  }

  private ZipEntries.Entry entry(String entryName) {
    ZipEntries.Entry entry = zip.byName().get(entryName);
    if (entry == null) {
      throw new CheckpointException(name + " is damaged: it has no entry " + entryName + ".");
    }
    return entry;
  }

  private StoredTensor weight(String tensor, Tensor view, WeightType type) throws IOException {
    long elements = 1;
    long available = view.storage().elements();
    for (long size : view.shape()) {
      // Compared before it is multiplied: hostile sizes may pass what a long holds.
      if (size != 0 && elements > available / size) {
        throw outside(tensor, view);
      }
      elements *= size;
    }
    if (view.offset() > available - elements) {
      throw outside(tensor, view);
    }
    boolean transposed = !isContiguous(view.shape(), view.strides());
    if (transposed && !isTransposed(view)) {
      throw new CheckpointException(
          name
              + ": tensor "
              + tensor
              + " of shape "
              + view.shape()
              + " has strides "
              + view.strides()
              + ", so it does not lie in one piece: call contiguous() on it and save the checkpoint"
              + " again.");
    }
    long offset = storage(view, type) + view.offset() * type.bytes();
    long length = elements * type.bytes();
    return new StoredTensor(tensor, type, view.shape(), real, offset, length, transposed);
  }

  private CheckpointException outside(String tensor, Tensor view) {
    return new CheckpointException(
        name
            + " is damaged: tensor "
            + tensor
            + " of shape "
            + view.shape()
            + " at element "
            + view.offset()
            + " does not fit its storage of "
            + view.storage().elements()
            + " elements.");
  }

  private long storage(Tensor view, WeightType type) throws IOException {
    String key = view.storage().key();
    ZipEntries.Entry entry = entry(prefix + "data/" + key);
    if (entry.size() / type.bytes() != view.storage().elements()
        || entry.size() % type.bytes() != 0) {
      throw new CheckpointException(
          name
              + " is damaged: "
              + entry.name()
              + " has "
              + entry.size()
              + " bytes, not the "
              + view.storage().elements()
              + " numbers in "
              + type
              + " that its description gives it.");
    }
    Long known = storages.get(key);
    if (known == null) {
      known = zip.offset(entry, channel);
      storages.put(key, known);
      taken.add(entry.name(), known, known + entry.size());
    }
    return known;
  }

  private static boolean isTransposed(Tensor view) {
    return view.shape().size() == 2 && view.strides().equals(List.of(1L, view.shape().get(0)));
  }

  private static boolean isContiguous(List<Long> shape, List<Long> strides) {
    if (shape.size() != strides.size()) {
      return false;
    }
    long expected = 1;
    for (int i = shape.size() - 1; i >= 0; i--) {
      if (shape.get(i) != 1 && strides.get(i) != expected) {
        return false;
      }
      expected *= shape.get(i);
    }
    return true;
  }
}
