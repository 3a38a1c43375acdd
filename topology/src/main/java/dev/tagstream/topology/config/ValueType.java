package dev.tagstream.topology.config;

/** How the text of a setting becomes a value, and what to say when it does not. */
interface ValueType<T> {

  /**
   * Parses a raw value.
   *
   * @throws IllegalArgumentException when the value is not allowed
   */
  T parse(RawValue raw);

  /** What is allowed, as the end of the sentence "must be …". */
  String allowed();

  /** The value as it would be written in the YAML file. */
  default Object print(T value) {
    return value;
  }
}
