package dev.tagstream.model.image.internal;

import dev.tagstream.model.image.ImageProblem;
import dev.tagstream.model.image.ImageRejectedException;
import io.github.humbleui.skija.Bitmap;
import io.github.humbleui.skija.Codec;
import io.github.humbleui.skija.ColorAlphaType;
import io.github.humbleui.skija.ColorInfo;
import io.github.humbleui.skija.ColorType;
import io.github.humbleui.skija.Data;
import io.github.humbleui.skija.ImageInfo;
import io.github.humbleui.skija.Pixmap;
import java.nio.ByteBuffer;

/**
 * JPEG, PNG and WebP through Skia's codecs.
 *
 * <p>For JPEG the JDK has a reader too, but its pixels depend on the build of the JDK: Debian's
 * links libjpeg-turbo, as Pillow does; others carry libjpeg 6b, which enlarges vertically
 * subsampled chroma in another way, by up to 67 of 255.
 *
 * <p>Asking for the codec's own colour space keeps Skia from managing colour, and for alpha that is
 * not premultiplied keeps the colour of transparent pixels.
 */
final class SkijaDecoder {

  private SkijaDecoder() {}

  static DecodedImage decode(byte[] file, int width, int height) throws ImageRejectedException {
    try (Data data = Data.makeFromBytes(file);
        Codec codec = Codec.makeFromData(data)) {
      ImageInfo stored = codec.getImageInfo();
      if (stored.getWidth() != width || stored.getHeight() != height) {
        throw new ImageRejectedException(
            ImageProblem.UNDECODABLE,
            "the decoder sees "
                + stored.getWidth()
                + " x "
                + stored.getHeight()
                + " pixels, the header says "
                + width
                + " x "
                + height);
      }
      ColorInfo colours =
          new ColorInfo(
              ColorType.RGBA_8888, ColorAlphaType.UNPREMUL, stored.getColorInfo().getColorSpace());
      return readPixels(codec, new ImageInfo(colours, width, height));
    }
  }

  @SuppressWarnings("MustBeClosedChecker")
  private static DecodedImage readPixels(Codec codec, ImageInfo wanted) {
    Bitmap bitmap = new Bitmap();
    boolean done = false;
    try {
      if (!bitmap.allocPixels(wanted)) {
        throw new OutOfMemoryError(
            "no native memory for " + wanted.computeMinByteSize() + " bytes");
      }
      codec.readPixels(bitmap);
      ByteBuffer pixels;
      try (Pixmap pixmap = bitmap.peekPixels()) {
        pixels = pixmap.getBuffer();
      }
      done = true;
      return new DecodedImage(
          pixels, wanted.getWidth(), wanted.getHeight(), 4, 0, 1, 2, bitmap::close);
    } finally {
      if (!done) {
        bitmap.close();
      }
    }
  }
}
