package dev.tagstream.model.hub;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * A small file of known content at a public address, such as a picture that a published figure is
 * of.
 *
 * @param address http or https; redirects are judged as a hub's are
 * @param sha256 of the content, in lower-case hexadecimal digits
 */
public record PinnedFile(URI address, String sha256) {
  private static final int MAX_BYTES = 16 << 20;

  /**
   * Fetches it; blocks, for a minute at most while nothing comes.
   *
   * @throws HubException if it cannot be had, or is another file
   */
  public byte[] fetch() {
    HubOptions options = HubOptions.of(address.toString(), Optional.empty());
    HubHttp http =
        new HubHttp(
            options,
            Network.ofThisMachine(ModelStore.SILENCE),
            time -> Thread.sleep(time.toMillis()));
    try (HubHttp.Answer answer = http.get(options.base(), Map.of())) {
      if (answer.status() != 200) {
        throw new HubException("%s answered with status %d".formatted(address, answer.status()));
      }
      byte[] content = answer.body().readNBytes(MAX_BYTES + 1);
      String found = ModelLock.sha256(content);
      if (!found.equals(sha256)) {
        throw new HubException(
            "%s is another file: its SHA-256 is %s, expected %s".formatted(address, found, sha256));
      }
      return content;
    } catch (IOException e) {
      throw new HubException(
          "%s broke off: %s".formatted(address, PlainText.of(String.valueOf(e.getMessage()), 200)),
          e);
    }
  }
}
