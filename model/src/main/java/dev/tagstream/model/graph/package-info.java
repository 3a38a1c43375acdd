/**
 * Builds the ONNX graphs of the two CLIP towers. Their initializers are external data inside the
 * checkpoint's own weights files, so no weight is copied or converted on disk.
 */
@NullMarked
package dev.tagstream.model.graph;

import org.jspecify.annotations.NullMarked;
