package dev.tagstream.topology.source;

import java.net.URI;

/** Reads what a URI of one scheme points to. Called by any thread. */
interface UriReader {

  /**
   * The encoded image.
   *
   * @param maxBytes more than this is refused, whatever the source says of its size
   */
  byte[] read(URI uri, long maxBytes) throws SourceException;
}
