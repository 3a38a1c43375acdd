package dev.tagstream.model.image.internal;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import dev.tagstream.model.image.ImageFormat;
import dev.tagstream.model.image.ImageRejectedException;
import java.nio.ByteOrder;
import java.util.Set;

/**
 * The first page of a TIFF or BigTIFF file (TIFF 6.0), decoded by TwelveMonkeys.
 *
 * <p>Only kinds of pixels and compression whose cost the header tells are let through: a JPEG
 * inside a TIFF could be of any size whatever the TIFF says, so its own header is checked as well.
 */
final class TiffFile {

  private static final TIFFImageReaderSpi DECODER = new TIFFImageReaderSpi();

  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS = 258;
  private static final int COMPRESSION = 259;
  private static final int PHOTOMETRIC = 262;
  private static final int STRIP_OFFSETS = 273;
  private static final int ORIENTATION = 274;
  private static final int SAMPLES = 277;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int TILE_OFFSETS = 324;

  private static final int EXTRA_SAMPLES = 338;
  private static final int SAMPLE_FORMAT = 339;

  private static final int ASSOCIATED_ALPHA = 1;

  private static final int JPEG = 7;

  /** None, CCITT (three), LZW, JPEG, deflate, PackBits, deflate by its old number. */
  private static final Set<Integer> COMPRESSIONS = Set.of(1, 2, 3, 4, 5, JPEG, 8, 32773, 32946);

  /** White is 0, black is 0, RGB, palette, CMYK, YCbCr. */
  private static final Set<Integer> PHOTOMETRICS = Set.of(0, 1, 2, 3, 5, 6);

  /** Unsigned and signed; not floating point. */
  private static final Set<Integer> SAMPLE_FORMATS = Set.of(1, 2);

  private static final int MAX_SAMPLES = 8;
  private static final int MAX_BITS = 32;
  private static final int SMALL_TILE = 512;
  private static final int MCU = 16;

  private final ByteReader reader;
  private final TiffDirectory page;
  private final int width;
  private final int height;

  private TiffFile(ByteReader reader) throws ImageRejectedException {
    this.reader = reader;
    this.page = TiffDirectory.first(reader);
    this.width = page.value(WIDTH, 0);
    this.height = page.value(HEIGHT, 0);
  }

  static ImageHeader parse(byte[] file, int maxPages) throws ImageRejectedException {
    ByteOrder order = file[0] == 'M' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    TiffFile tiff = new TiffFile(new ByteReader(file, ImageFormat.TIFF, order));
    int pixelBytes = tiff.pixelBytes();
    tiff.requireKnown("compression", tiff.page.value(COMPRESSION, 1), COMPRESSIONS);
    tiff.requireKnown("photometric interpretation", tiff.page.value(PHOTOMETRIC, 1), PHOTOMETRICS);
    tiff.requireKnown("sample format", tiff.page.value(SAMPLE_FORMAT, 1), SAMPLE_FORMATS);
    tiff.checkTiles();
    boolean premultiplied = tiff.page.value(EXTRA_SAMPLES, 0) == ASSOCIATED_ALPHA;
    int width = tiff.width;
    int height = tiff.height;
    return new ImageHeader(
        ImageFormat.TIFF,
        width,
        height,
        pixelBytes,
        tiff.page.countPages(maxPages + 1),
        ExifOrientation.valid(tiff.page.value(ORIENTATION, ExifOrientation.NORMAL)),
        () -> RasterToRgb.convert(JdkDecoder.read(DECODER, file), width, height, premultiplied));
  }

  private int pixelBytes() throws ImageRejectedException {
    int samples = page.value(SAMPLES, 1);
    long bits = 1;
    for (long each : page.values(BITS, MAX_SAMPLES)) {
      bits = Math.max(bits, each);
    }
    if (samples > MAX_SAMPLES || bits > MAX_BITS) {
      throw reader.unsupported("TIFF with " + samples + " samples of " + bits + " bits");
    }
    return Math.max(4, samples * (int) ((bits + 7) / 8));
  }

  private void requireKnown(String what, int value, Set<Integer> known)
      throws ImageRejectedException {
    if (!known.contains(value)) {
      throw reader.unsupported("TIFF with " + what + " " + value);
    }
  }

  /** Tiles are decoded whole, so one larger than the image costs what the image does not show. */
  private void checkTiles() throws ImageRejectedException {
    int tileWidth = page.value(TILE_WIDTH, 1);
    int tileHeight = page.value(TILE_HEIGHT, 1);
    if (tileWidth < 1
        || tileHeight < 1
        || tileWidth > Math.max(2L * width, SMALL_TILE)
        || tileHeight > Math.max(2L * height, SMALL_TILE)) {
      throw reader.damaged("its tiles are " + tileWidth + " x " + tileHeight);
    }
    if (page.value(COMPRESSION, 1) == JPEG) {
      int widest = Math.max(width, tileWidth) + MCU;
      int highest = Math.max(height, tileHeight) + MCU;
      checkJpegs(page.values(STRIP_OFFSETS, Integer.MAX_VALUE), widest, highest);
      checkJpegs(page.values(TILE_OFFSETS, Integer.MAX_VALUE), widest, highest);
    }
  }

  private void checkJpegs(long[] offsets, int widest, int highest) throws ImageRejectedException {
    for (long offset : offsets) {
      reader.require(offset, 2);
      int at = (int) offset;
      JpegFile.requireFrameWithin(
          reader.slice(at, reader.size() - at, ByteOrder.BIG_ENDIAN), widest, highest);
    }
  }
}
