package dev.tagstream.topology.config;

import java.util.regex.Pattern;

/** Decides which values must never be shown. */
final class Secrets {
  static final String MASK = "********";

  /**
   * Keys that hold a secret. Rather one too many than one too few: what is masked without need can
   * still be read in the file.
   */
  private static final Pattern SECRET_KEY =
      Pattern.compile(
          "(?i).*(password|passphrase|secret|jaas|token|credential|private|user[._-]?info"
              + "|(^|[._-])key$|(api|access|account|ssl\\.keystore)[._-]?key).*");

  private static final Pattern URL_USER_INFO = Pattern.compile("(?<=://)[^/@\\s]+(?=@)");

  private Secrets() {}

  static String mask(String key, String value) {
    if (SECRET_KEY.matcher(key).matches()) {
      // That a secret is not set is none.
      return value.isEmpty() ? value : MASK;
    }
    return URL_USER_INFO.matcher(value).replaceAll(MASK);
  }
}
