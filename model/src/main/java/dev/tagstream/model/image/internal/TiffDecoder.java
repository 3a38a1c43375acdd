package dev.tagstream.model.image.internal;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import dev.tagstream.model.image.ImageProblem;
import dev.tagstream.model.image.ImageRejectedException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.ImageReader;

/** The first page of a TIFF file, through TwelveMonkeys. */
final class TiffDecoder {

  private static final TIFFImageReaderSpi SPI = new TIFFImageReaderSpi();

  private TiffDecoder() {}

  static DecodedImage decode(byte[] file, int width, int height, int photometric)
      throws IOException, ImageRejectedException {
    ImageReader reader = SPI.createReaderInstance(null);
    try {
      reader.setInput(new ByteArrayImageInputStream(file), true, true);
      BufferedImage image = reader.read(0);
      if (image.getWidth() != width || image.getHeight() != height) {
        throw new ImageRejectedException(
            ImageProblem.UNDECODABLE, "the TIFF decoder returned an unexpected layout: " + image);
      }
      return RasterToRgb.convert(image);
    } finally {
      reader.dispose();
    }
  }
}
