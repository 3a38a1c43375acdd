package dev.tagstream.model.image.internal;

import dev.tagstream.model.image.ImageFormat;
import dev.tagstream.model.image.ImageRejectedException;
import java.io.IOException;

/**
 * What a file's own structures say about it, read in plain Java, and the decoder that follows from
 * it.
 *
 * @param width as stored, before orientation
 * @param height as stored, before orientation
 * @param sampleBytes bytes the decoder holds for each pixel at its peak
 * @param frames frames or pages, counted no further than needed to see that they are too many
 * @param orientation the EXIF value, 1 to 8; 1 where there is none
 * @param decoder decodes the first frame
 */
public record ImageHeader(
    ImageFormat format,
    int width,
    int height,
    int sampleBytes,
    int frames,
    int orientation,
    Decoder decoder) {

  /** Decodes the file this header was read from. May throw any runtime exception on bad input. */
  @FunctionalInterface
  public interface Decoder {
    DecodedImage decode() throws ImageRejectedException, IOException;
  }
}
