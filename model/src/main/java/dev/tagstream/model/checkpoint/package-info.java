/**
 * Reads a CLIP checkpoint in the layout of Hugging Face or of OpenCLIP: configuration,
 * preprocessing and the place of every tensor inside the weights files. Nothing here loads weights
 * into memory.
 */
@NullMarked
package dev.tagstream.model.checkpoint;

import org.jspecify.annotations.NullMarked;
