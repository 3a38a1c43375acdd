package dev.tagstream.topology.source;

/** Why an image's bytes could not be had. */
public enum SourceProblem {
  /** Neither bytes nor URI, both of them, or a URI that is none. */
  MISSING,
  /** A scheme or a place that the operator has not allowed. */
  NOT_ALLOWED,
  /** Allowed, but not there or not readable. */
  UNAVAILABLE,
  /** More bytes than the configured limit. */
  TOO_LARGE,
  /** Bytes that are not those the event describes. */
  MISMATCH,
  /** Not read within the source deadline. */
  TIMEOUT
}
