package dev.tagstream.model.image.internal;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import dev.tagstream.model.image.ImageProblem;
import dev.tagstream.model.image.ImageRejectedException;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.ImageReader;

/** Gray and three-component JPEG through the JDK's libjpeg. */
final class JdkJpegDecoder {

  private JdkJpegDecoder() {}

  /** Decodes a JPEG file without application segments, as {@link JpegFile} writes it. */
  static DecodedImage decode(byte[] plain, int width, int height)
      throws ImageRejectedException, IOException {
    ImageReader reader = JdkReaders.JPEG.create();
    try {
      reader.setInput(new ByteArrayImageInputStream(plain), true, true);
      return interleaved(reader.read(0).getRaster(), width, height);
    } finally {
      reader.dispose();
    }
  }

  private static DecodedImage interleaved(Raster raster, int width, int height)
      throws ImageRejectedException {
    if (raster.getWidth() != width
        || raster.getHeight() != height
        || !(raster.getSampleModel() instanceof PixelInterleavedSampleModel layout)
        || layout.getScanlineStride() != width * layout.getPixelStride()
        || !(raster.getDataBuffer() instanceof DataBufferByte buffer)) {
      throw new ImageRejectedException(
          ImageProblem.UNDECODABLE, "the JPEG decoder returned an unexpected layout: " + raster);
    }
    int[] offsets = layout.getBandOffsets();
    boolean gray = offsets.length == 1;
    return DecodedImage.onHeap(
        buffer.getData(),
        width,
        height,
        layout.getPixelStride(),
        offsets[0],
        offsets[gray ? 0 : 1],
        offsets[gray ? 0 : 2]);
  }
}
