package dev.tagstream.topology.batch;

/** The device's memory did not suffice for so many images at once; fewer may do. */
public final class DeviceMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DeviceMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
