/**
 * Reads a CLIP checkpoint folder in the Hugging Face layout: configuration, preprocessing and the
 * place of every tensor inside {@code model.safetensors}. Nothing here loads weights into memory.
 */
@NullMarked
package dev.tagstream.model.checkpoint;

import org.jspecify.annotations.NullMarked;
