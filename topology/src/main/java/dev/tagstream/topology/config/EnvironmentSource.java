package dev.tagstream.topology.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code TAGSTREAM_…} variables.
 *
 * <p>{@code TAGSTREAM_BATCH_MAX_SIZE} is {@code batch.maxSize}. In the open sections the rest of
 * the name is the key in lower case, {@code _} for a dot, {@code __} for a dash and {@code ___} for
 * an underscore, as in Confluent's images: {@code TAGSTREAM_KAFKA_BOOTSTRAP_SERVERS} is {@code
 * kafka.bootstrap.servers}.
 */
final class EnvironmentSource {
  static final String PREFIX = "TAGSTREAM_";

  /** What the launcher and the command line read themselves. */
  private static final Set<String> NOT_SETTINGS =
      Set.of("TAGSTREAM_CONFIG", "TAGSTREAM_JAVA_OPTS", "TAGSTREAM_MAVEN_OPTS");

  /** Kubernetes gives every pod these for a service that is called tagstream. */
  private static final Pattern KUBERNETES =
      Pattern.compile("TAGSTREAM_(SERVICE_(HOST|PORT(_.*)?)|PORT(_\\d+_(TCP|UDP)(_.*)?)?)");

  private EnvironmentSource() {}

  static void read(
      Map<String, String> environment, Map<String, RawValue> into, List<ConfigProblem> problems) {
    Map<String, Key<?>> byName =
        ConfigKeys.all().stream()
            .collect(Collectors.toMap(Key::environmentName, Function.identity()));
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      String name = variable.getKey();
      if (!name.startsWith(PREFIX)
          || NOT_SETTINGS.contains(name)
          || KUBERNETES.matcher(name).matches()) {
        continue;
      }
      String path = pathOf(name, byName);
      if (path == null) {
        problems.add(
            new ConfigProblem(
                name,
                Secrets.mask(name, variable.getValue()),
                "environment",
                "is not a setting"
                    + Suggestions.nearest(name, byName.keySet())
                        .map(nearest -> "; did you mean " + nearest + "?")
                        .orElse("; `tagstream config --reference` lists them")));
      } else {
        into.put(path, RawValue.scalar(variable.getValue(), "environment " + name));
      }
    }
  }

  private static @Nullable String pathOf(String name, Map<String, Key<?>> byName) {
    Key<?> key = byName.get(name);
    if (key != null) {
      return key.path();
    }
    for (String section : ConfigKeys.OPEN_SECTIONS) {
      String prefix = PREFIX + section.replace('.', '_').toUpperCase(Locale.ROOT) + "_";
      if (name.startsWith(prefix) && name.length() > prefix.length()) {
        return section + "." + propertyName(name.substring(prefix.length()));
      }
    }
    return null;
  }

  private static String propertyName(String rest) {
    return rest.toLowerCase(Locale.ROOT)
        .replace("___", "\0")
        .replace("__", "-")
        .replace("_", ".")
        .replace('\0', '_');
  }
}
