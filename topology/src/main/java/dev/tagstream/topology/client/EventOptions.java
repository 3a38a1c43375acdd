package dev.tagstream.topology.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What events of one run have in common.
 *
 * @param labelSets names of the label sets; empty list: embedding only
 * @param key the record's key, by which Kafka chooses the partition
 * @param byReference whether the event carries a {@code file:} URI in place of the bytes
 */
public record EventOptions(
    List<String> labelSets, Map<String, String> attributes, Key key, boolean byReference) {

  /** Where a record's key comes from. */
  public enum Key {
    /** No key: Kafka spreads the events over the partitions. */
    NONE,
    /** The picture's name: versions of one picture stay in order. */
    NAME,
    /** The folder of the picture: pictures of one folder stay in order. */
    FOLDER;

    Optional<String> of(PictureFile picture) {
      return switch (this) {
        case NONE -> Optional.empty();
        case NAME -> Optional.of(picture.name());
        case FOLDER ->
            Optional.of(String.valueOf(picture.path().toAbsolutePath().normalize().getParent()));
      };
    }
  }

  public EventOptions {
    labelSets = List.copyOf(labelSets);
    attributes = Map.copyOf(attributes);
  }
}
