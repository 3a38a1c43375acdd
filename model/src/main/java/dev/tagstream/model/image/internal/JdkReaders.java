package dev.tagstream.model.image.internal;

import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/** The JDK's own image readers, found once and by name, whatever plugins the class path holds. */
enum JdkReaders {
  JPEG("com.sun.imageio.plugins.jpeg.JPEGImageReaderSpi"),
  GIF("com.sun.imageio.plugins.gif.GIFImageReaderSpi"),
  BMP("com.sun.imageio.plugins.bmp.BMPImageReaderSpi");

  @SuppressWarnings("ImmutableEnumChecker") // a factory; its state does not change
  private final ImageReaderSpi spi;

  JdkReaders(String className) {
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

  /** A new reader; the caller disposes of it. */
  ImageReader create() throws IOException {
    return spi.createReaderInstance();
  }
}
