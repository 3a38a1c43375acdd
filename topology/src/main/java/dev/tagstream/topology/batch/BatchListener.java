package dev.tagstream.topology.batch;

/** Hears of every batch that a {@link BatchEngine} has run. */
@FunctionalInterface
public interface BatchListener {

  /** Hears and does nothing. */
  BatchListener NONE = (device, images) -> {};

  /** Called on a device thread, which must not be held up, with the batch's number of images. */
  void ran(String device, int images);
}
