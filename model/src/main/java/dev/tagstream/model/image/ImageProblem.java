package dev.tagstream.model.image;

/** Why an image was refused; {@link ImageRejectedException#getMessage()} says it in words. */
public enum ImageProblem {
  /** The first bytes are those of no format in {@link ImageFormat}, or there are none. */
  UNKNOWN_FORMAT,
  /** The file has more bytes than {@link ImageLimits#maxBytes()}. */
  TOO_LARGE,
  /** The header announces more pixels, or a longer side, than {@link ImageLimits} allows. */
  TOO_MANY_PIXELS,
  /** The file holds more frames than {@link ImageLimits#maxFrames()}. */
  TOO_MANY_FRAMES,
  /** A valid file of a variant that no decoder here reads, such as arithmetic-coded JPEG. */
  UNSUPPORTED,
  /** Truncated or damaged, or the decoder gave up on it. */
  UNDECODABLE
}
