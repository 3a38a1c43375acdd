package dev.tagstream.topology.drill;

/** The drill could not be carried through; says nothing about lost or repeated results. */
public final class DrillException extends RuntimeException {

  public DrillException(String message) {
    super(message);
  }

  public DrillException(String message, Throwable cause) {
    super(message, cause);
  }
}
