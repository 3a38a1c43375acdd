/** Headers, decoders and the resampler behind {@code ImagePreprocessor}; not an API. */
@NullMarked
package dev.tagstream.model.image.internal;

import org.jspecify.annotations.NullMarked;
