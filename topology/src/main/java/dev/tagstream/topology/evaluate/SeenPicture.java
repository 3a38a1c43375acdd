package dev.tagstream.topology.evaluate;

import dev.tagstream.model.image.ImageRejectedException;
import dev.tagstream.topology.client.PictureFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** A picture as a model sees it, cropped and scaled, to be shown in a page. */
final class SeenPicture {
  /** Nobody sees the difference, and a report of large photographs stays small enough to send. */
  private static final float QUALITY = 0.92f;

  private SeenPicture() {}

  /** A {@code data:} address, or, if the file can no longer be read, why. */
  static String data(ModelEvaluation evaluation, Path file) {
    try {
      byte[] rgb = evaluation.preprocessor().prepare(PictureFiles.read(file)).pixels();
      byte[] jpeg = jpeg(rgb, evaluation.checkpoint().imageSize());
      return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg);
    } catch (IOException | ImageRejectedException e) {
      // It could be read a moment ago: somebody is changing the pictures.
      return "No longer readable: " + e.getMessage();
    }
  }

  private static byte[] jpeg(byte[] rgb, int size) throws IOException {
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < size * size; i++) {
      int red = rgb[3 * i] & 0xff;
      int green = rgb[3 * i + 1] & 0xff;
      int blue = rgb[3 * i + 2] & 0xff;
      image.setRGB(i % size, i / size, red << 16 | green << 8 | blue);
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam quality = writer.getDefaultWriteParam();
      quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      quality.setCompressionQuality(QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), quality);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
