package dev.tagstream.model.hub;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long to wait before asking a hub again. */
final class Waiting {
  /** Longer than this is for a person to decide. */
  static final Duration LONGEST = Duration.ofMinutes(2);

  /** The draft header of rate limits: {@code "api";r=0;t=123}. */
  private static final Pattern RATE_LIMIT = Pattern.compile(";\\s*t=(\\d{1,9})");

  private Waiting() {}

  /** Whether the same question may be answered later. */
  static boolean isWorthAsking(int status) {
    return status == 408 || status == 429 || (status >= 500 && status != 501 && status != 505);
  }

  /** 1, 2, 4, 8 seconds. */
  static Duration backoff(int attempt) {
    return Duration.ofSeconds(1L << Math.min(attempt - 1, 3));
  }

  /**
   * What the hub asks for, else a growing pause.
   *
   * @throws HubException if it asks for more than {@link #LONGEST}
   */
  static Duration beforeNext(HubHttp.Answer answer, int attempt) {
    Duration asked = asked(answer).orElse(backoff(attempt));
    if (asked.compareTo(LONGEST) > 0) {
      throw new HubException(
          "The hub asks to wait for %d seconds (status %d). Run the command again after that; what has come is kept. A token (hub.token) often raises the limit."
              .formatted(asked.toSeconds(), answer.status()));
    }
    return asked.isNegative() ? Duration.ZERO : asked;
  }

  private static Optional<Duration> asked(HubHttp.Answer answer) {
    String retryAfter = answer.header("Retry-After").strip();
    if (retryAfter.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(retryAfter)));
    }
    if (!retryAfter.isEmpty()) {
      return untilDate(retryAfter, answer.header("Date"));
    }
    Matcher limit = RATE_LIMIT.matcher(answer.header("RateLimit"));
    return answer.status() == 429 && limit.find()
        ? Optional.of(Duration.ofSeconds(Long.parseLong(limit.group(1))))
        : Optional.empty();
  }

  /** By the other side's own clock, which may differ from ours. */
  private static Optional<Duration> untilDate(String then, String now) {
    try {
      return Optional.of(Duration.between(date(now), date(then)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static ZonedDateTime date(String text) {
    return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
  }
}
