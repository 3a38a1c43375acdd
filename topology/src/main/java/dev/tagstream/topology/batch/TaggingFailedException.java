package dev.tagstream.topology.batch;

/**
 * Results could not be had or forwarded through no fault of the record. Thrown on the stream
 * thread, which is replaced; the record is read again. Deliberately not a Kafka exception: Streams
 * treats some of those as a fault of one task and goes on with the transaction.
 */
public final class TaggingFailedException extends RuntimeException {

  TaggingFailedException(String what, Throwable cause) {
    super(what + ": " + cause, cause);
  }

  TaggingFailedException(String message) {
    super(message);
  }
}
