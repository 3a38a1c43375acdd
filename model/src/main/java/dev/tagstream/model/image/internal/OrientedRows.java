package dev.tagstream.model.image.internal;

/**
 * Reads a decoded image row by row in the orientation a person sees it in, without turning all of
 * it in memory first: for the four orientations that swap the axes a band of columns is read at a
 * time.
 *
 * <p>Not thread-safe; rows are read from the top down.
 */
public final class OrientedRows {

  private static final int COLUMNS_AT_A_TIME = 16;

  private final DecodedImage image;
  private final boolean swapped;
  private final boolean mirroredX;
  private final boolean mirroredY;
  private final int from;
  private final int count;
  private final byte[] band;
  private final int bandRows;
  private int bandStart;
  private int bandEnd;

  /**
   * Rows of the columns from {@code from} up to {@code to}.
   *
   * @param orientation the EXIF value, 1 to 8
   * @param from first column wanted, in the oriented image
   * @param to one past the last column wanted
   */
  OrientedRows(DecodedImage image, int orientation, int from, int to) {
    this.image = image;
    this.swapped = orientation >= 5;
    // Whether walking right (down) in the oriented image walks backwards along the source axis.
    this.mirroredX = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
    this.mirroredY = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
    this.from = from;
    this.count = to - from;
    this.bandRows = swapped ? COLUMNS_AT_A_TIME : 2;
    this.band = new byte[bandRows * count * image.pixelStride()];
  }

  static int width(DecodedImage image, int orientation) {
    return orientation >= 5 ? image.height() : image.width();
  }

  static int height(DecodedImage image, int orientation) {
    return orientation >= 5 ? image.width() : image.height();
  }

  /**
   * Puts samples of rows y and y + 1 into the low and high halves of {@code lanes}, three for each
   * wanted column. Past the last row the high half is undefined.
   *
   * @param y a row not above those of earlier calls
   */
  void readPair(int y, long[] lanes) {
    load(y);
    int rowBytes = count * image.pixelStride();
    int upper = (y - bandStart) * rowBytes;
    int lower = y + 1 < bandEnd ? upper + rowBytes : upper;
    int step = image.pixelStride();
    boolean backwards = mirroredX && !swapped;
    int offset = backwards ? rowBytes - step : 0;
    int advance = backwards ? -step : step;
    int red = image.red();
    int green = image.green();
    int blue = image.blue();
    for (int i = 0, lane = 0; i < count; i++, lane += 3, offset += advance) {
      int a = upper + offset;
      int b = lower + offset;
      lanes[lane] = pair(band[a + red], band[b + red]);
      lanes[lane + 1] = pair(band[a + green], band[b + green]);
      lanes[lane + 2] = pair(band[a + blue], band[b + blue]);
    }
  }

  private static long pair(byte low, byte high) {
    return (low & 0xffL) | (high & 0xffL) << 32;
  }

  private void load(int y) {
    int height = swapped ? image.width() : image.height();
    int needed = Math.min(y + 2, height);
    if (y >= bandStart && needed <= bandEnd) {
      return;
    }
    bandStart = y;
    bandEnd = Math.min(y + bandRows, height);
    if (swapped) {
      loadColumns();
    } else {
      loadRows();
    }
  }

  private void loadRows() {
    int step = image.pixelStride();
    int first = mirroredX ? image.width() - from - count : from;
    for (int y = bandStart; y < bandEnd; y++) {
      int row = mirroredY ? image.height() - 1 - y : y;
      int index = (row * image.width() + first) * step;
      image.pixels().get(index, band, (y - bandStart) * count * step, count * step);
    }
  }

  private void loadColumns() {
    int step = image.pixelStride();
    int rows = bandEnd - bandStart;
    int column = mirroredY ? image.width() - bandEnd : bandStart;
    byte[] strip = new byte[rows * step];
    for (int i = 0; i < count; i++) {
      int row = mirroredX ? image.height() - 1 - from - i : from + i;
      image.pixels().get((row * image.width() + column) * step, strip);
      for (int r = 0; r < rows; r++) {
        int source = (mirroredY ? rows - 1 - r : r) * step;
        int target = (r * count + i) * step;
        for (int c = 0; c < step; c++) {
          band[target + c] = strip[source + c];
        }
      }
    }
  }
}
