/** Runs the graphs: DJL on ONNX Runtime, on the CPU or a CUDA device. */
@NullMarked
package dev.tagstream.model.runtime;

import org.jspecify.annotations.NullMarked;
