package dev.tagstream.topology.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The types a setting can have. */
final class ValueTypes {

  private ValueTypes() {}

  static ValueType<String> text(Pattern pattern, String allowed) {
    return scalar(
        allowed,
        text -> {
          require(pattern.matcher(text).matches());
          return text;
        },
        value -> value);
  }

  static ValueType<Boolean> flag() {
    return scalar(
        "true or false",
        text -> {
          require(text.equals("true") || text.equals("false"));
          return Boolean.valueOf(text);
        },
        value -> value);
  }

  static ValueType<Integer> integer(int min, int max) {
    return scalar(
        "a whole number from " + min + " to " + max,
        text -> {
          int value = Integer.parseInt(text.replace("_", ""));
          require(value >= min && value <= max);
          return value;
        },
        value -> value);
  }

  static ValueType<Long> count(long min, long max) {
    return scalar(
        "a whole number from " + min + " to " + max,
        text -> {
          long value = Long.parseLong(text.replace("_", ""));
          require(value >= min && value <= max);
          return value;
        },
        value -> value);
  }

  /** A number that has a special value meaning "leave it to the broker", Kafka's own -1. */
  static ValueType<Integer> countOrBrokerDefault(int max) {
    return scalar(
        "a whole number from 1 to " + max + ", or -1 for the broker's own default",
        text -> {
          int value = Integer.parseInt(text);
          require(value == -1 || (value >= 1 && value <= max));
          return value;
        },
        value -> value);
  }

  static ValueType<Long> bytes(long min, long max) {
    return scalar(
        "a size from " + ByteSize.print(min) + " to " + ByteSize.print(max) + ", such as 8MiB",
        text -> {
          long value = ByteSize.parse(text);
          require(value >= min && value <= max);
          return value;
        },
        ByteSize::print);
  }

  static ValueType<Duration> duration(Duration min, Duration max) {
    return scalar(
        "a time from "
            + TimeSpan.print(min)
            + " to "
            + TimeSpan.print(max)
            + ", such as 100ms, 5s, 10m, 1h or 7d",
        text -> {
          Duration value = TimeSpan.parse(text);
          require(value.compareTo(min) >= 0 && value.compareTo(max) <= 0);
          return value;
        },
        TimeSpan::print);
  }

  /** How long a topic keeps its records; {@code unlimited} is Kafka's -1. */
  static ValueType<Duration> retention() {
    return scalar(
        "a time of at least 1m, such as 12h or 7d, or unlimited",
        text -> {
          if (text.equals("unlimited")) {
            return Topics.UNLIMITED;
          }
          Duration value = TimeSpan.parse(text);
          require(value.compareTo(Duration.ofMinutes(1)) >= 0);
          return value;
        },
        value -> value.equals(Topics.UNLIMITED) ? "unlimited" : TimeSpan.print(value));
  }

  static <E extends Enum<E>> ValueType<E> oneOf(Class<E> type) {
    String names =
        Arrays.stream(type.getEnumConstants())
            .map(ValueTypes::printEnum)
            .collect(Collectors.joining(" or "));
    return scalar(
        names,
        text -> {
          require(text.equals(text.toLowerCase(Locale.ROOT)));
          return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
        },
        ValueTypes::printEnum);
  }

  static ValueType<Path> path(String allowed) {
    return scalar(
        allowed,
        text -> {
          require(!text.isBlank());
          try {
            return Path.of(text);
          } catch (InvalidPathException e) {
            throw new IllegalArgumentException(e);
          }
        },
        Path::toString);
  }

  /** A YAML list, or in the environment the items separated by commas. */
  static <T> ValueType<List<T>> listOf(ValueType<T> item) {
    return new ValueType<>() {
      @Override
      public List<T> parse(RawValue raw) {
        List<String> items =
            raw.list()
                ? raw.items()
                : Arrays.stream(raw.text().split(","))
                    .map(String::strip)
                    .filter(text -> !text.isEmpty())
                    .toList();
        return items.stream().map(text -> item.parse(RawValue.scalar(text, raw.origin()))).toList();
      }

      @Override
      public String allowed() {
        return "a list, each item " + item.allowed();
      }

      @Override
      public Object print(List<T> values) {
        return values.stream().map(item::print).toList();
      }
    };
  }

  private static <T> ValueType<T> scalar(
      String allowed, Function<String, T> parser, Function<T, Object> printer) {
    return new ValueType<>() {
      @Override
      public T parse(RawValue raw) {
        require(!raw.list());
        return parser.apply(raw.text().strip());
      }

      @Override
      public String allowed() {
        return allowed;
      }

      @Override
      public Object print(T value) {
        return printer.apply(value);
      }
    };
  }

  private static String printEnum(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static void require(boolean allowed) {
    if (!allowed) {
      throw new IllegalArgumentException();
    }
  }
}
