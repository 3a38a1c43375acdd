package dev.tagstream.model.checkpoint;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What one file holds.
 *
 * @param file the real file, symbolic links resolved
 * @param tensors those in number formats that weights have, by name, in the file's order
 * @param buffers names of the others, such as tables of integers
 */
record WeightFile(Path file, Map<String, StoredTensor> tensors, Set<String> buffers) {

  WeightFile {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    buffers = Set.copyOf(buffers);
  }
}
