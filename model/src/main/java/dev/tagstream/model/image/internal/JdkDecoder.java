package dev.tagstream.model.image.internal;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import dev.tagstream.model.image.ImageRejectedException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/** The JDK's own image readers, found once and by name, whatever plugins the class path holds. */
enum JdkDecoder {
  PNG("com.sun.imageio.plugins.png.PNGImageReaderSpi"),
  GIF("com.sun.imageio.plugins.gif.GIFImageReaderSpi"),
  BMP("com.sun.imageio.plugins.bmp.BMPImageReaderSpi");

  @SuppressWarnings("ImmutableEnumChecker") // a factory; its state does not change
  private final ImageReaderSpi spi;

  JdkDecoder(String className) {
    this.spi = find(className);
  }

  private static ImageReaderSpi find(String className) {
    Iterator<ImageReaderSpi> all =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    while (all.hasNext()) {
      ImageReaderSpi spi = all.next();
      if (spi.getClass().getName().equals(className)) {
        return spi;
      }
    }
    throw new IllegalStateException(
        "this Java runtime lacks " + className + "; use one with the java.desktop module");
  }

  /** The first image of the file, as the reader leaves it. */
  BufferedImage read(byte[] file) throws IOException {
    return read(spi, file);
  }

  DecodedImage decode(byte[] file, int width, int height)
      throws IOException, ImageRejectedException {
    return RasterToRgb.convert(read(file), width, height, false);
  }

  static BufferedImage read(ImageReaderSpi spi, byte[] file) throws IOException {
    ImageReader reader = spi.createReaderInstance();
    try {
      reader.setInput(new ByteArrayImageInputStream(file), true, true);
      return reader.read(0);
    } finally {
      reader.dispose();
    }
  }
}
