package dev.tagstream.model.image;

import dev.tagstream.model.image.internal.DecodedImage;
import dev.tagstream.model.image.internal.Decoders;
import dev.tagstream.model.image.internal.HeaderReader;
import dev.tagstream.model.image.internal.ImageHeader;
import dev.tagstream.model.image.internal.Resampler;
import java.io.IOException;

/**
 * Turns the bytes of a picture file into the pixels of a {@link PixelSpec}.
 *
 * <p>For JPEG, PNG and WebP the pixels are those of Pillow 13's {@code
 * Image.open(...).convert("RGB").resize(...)} and a centre crop, to the bit. The header is checked
 * against the {@link ImageLimits} before a decoder sees the file. Immutable and thread-safe;
 * decoding runs on the calling thread.
 */
public final class ImagePreprocessor {

  /** Names the decoders whose pixels enter embeddings; part of every fingerprint. */
  static final String DECODERS = Decoders.IDENTITY;

  private final PixelSpec spec;
  private final ImageLimits limits;
  private final boolean applyOrientation;

  /**
   * A preprocessor for one checkpoint. The first one made loads the decoders' native code.
   *
   * @param applyOrientation whether the EXIF orientation of JPEG, PNG and WebP is applied, so that
   *     the model sees what a person sees; false is what OpenAI's and Hugging Face's code does.
   *     That of TIFF always is, as Pillow does it
   * @throws IllegalStateException if a decoder's native library is missing on this platform
   */
  public ImagePreprocessor(PixelSpec spec, ImageLimits limits, boolean applyOrientation) {
    this.spec = spec;
    this.limits = limits;
    this.applyOrientation = applyOrientation;
    Decoders.load();
  }

  /**
   * Decodes, orients, resizes and crops one image.
   *
   * @param encoded a whole JPEG, PNG, WebP, GIF, BMP or TIFF file; not changed
   * @return the pixels; of an animation the first frame, of a TIFF the first page
   * @throws ImageRejectedException if the image is damaged, unknown, or over a limit
   */
  public PreparedImage prepare(byte[] encoded) throws ImageRejectedException {
    ImageHeader header = HeaderReader.read(encoded, limits);
    // Pillow turns a TIFF while it loads it, so there the reference has no unturned form.
    boolean turn = applyOrientation || header.format() == ImageFormat.TIFF;
    int orientation = turn ? header.orientation() : 1;
    try (DecodedImage image = header.decoder().decode()) {
      boolean turned = orientation >= 5;
      return new PreparedImage(
          Resampler.apply(spec, image, orientation),
          header.format(),
          turned ? image.height() : image.width(),
          turned ? image.width() : image.height());
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new ImageRejectedException(
          ImageProblem.UNDECODABLE,
          header.format()
              + " of "
              + header.width()
              + " x "
              + header.height()
              + " pixels cannot be decoded: "
              + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
          e);
    }
  }

  public PixelSpec spec() {
    return spec;
  }

  /** See {@link PixelSpec#fingerprint(boolean)}. */
  public String fingerprint() {
    return spec.fingerprint(applyOrientation);
  }
}
