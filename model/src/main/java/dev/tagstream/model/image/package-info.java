/**
 * From the bytes of a picture file to the pixels a CLIP image encoder takes: sniff, limit, decode,
 * orient, resample, crop.
 *
 * <p>The reference is Pillow 13: its decoders, {@code convert("RGB")} and antialiased resampling.
 * {@link dev.tagstream.model.image.ImagePreprocessor} is the way in.
 */
@NullMarked
package dev.tagstream.model.image;

import org.jspecify.annotations.NullMarked;
