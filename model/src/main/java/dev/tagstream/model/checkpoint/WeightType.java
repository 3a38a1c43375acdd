package dev.tagstream.model.checkpoint;

/** The number formats that weights may be stored in. */
public enum WeightType {
  F32(4),
  F16(2),
  BF16(2);

  private final int bytes;

  WeightType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes one number takes in the file. */
  public int bytes() {
    return bytes;
  }
}
