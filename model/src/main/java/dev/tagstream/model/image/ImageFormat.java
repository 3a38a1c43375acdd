package dev.tagstream.model.image;

/** The picture file formats that are decoded, told apart by their first bytes and nothing else. */
public enum ImageFormat {
  JPEG,
  PNG,
  WEBP,
  GIF,
  BMP,
  TIFF
}
