package dev.tagstream.model.image.internal;

/** Nearest-neighbour resizing, by the same additions in double precision as Pillow's. */
final class Nearest {

  private Nearest() {}

  static void apply(DecodedImage image, int orientation, Geometry x, Geometry y, byte[] output) {
    int[] columns = positions(x);
    int[] rows = positions(y);
    OrientedRows source = new OrientedRows(image, orientation, 0, x.input());
    long[] lanes = new long[x.input() * 3];
    for (int j = 0; j < rows.length; j++) {
      source.readPair(rows[j], lanes);
      int out = ((y.offset() + j) * x.output() + x.offset()) * 3;
      for (int column : columns) {
        for (int c = 0; c < 3; c++) {
          output[out++] = (byte) lanes[column * 3 + c];
        }
      }
    }
  }

  private static int[] positions(Geometry axis) {
    double scale = (double) axis.input() / axis.resized();
    int[] positions = new int[axis.to() - axis.from()];
    double position = scale * 0.5;
    for (int i = 0; i < axis.to(); i++) {
      if (i >= axis.from()) {
        positions[i - axis.from()] = Math.min((int) position, axis.input() - 1);
      }
      position += scale;
    }
    return positions;
  }
}
