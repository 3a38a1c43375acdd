package dev.tagstream.model.hub;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Brings what a part lacks, once; trying again is the caller's. */
final class Transfer {
  private static final int READ_BYTES = 1 << 16;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

  private final HubHttp http;
  private final ModelReference model;
  private final HubOptions options;

  Transfer(HubHttp http, ModelReference model, HubOptions options) {
    this.http = http;
    this.model = model;
    this.options = options;
  }

  void pauseBefore(int attempt) {
    http.pauseBefore(attempt);
  }

  /**
   * Receives until the part is whole.
   *
   * @return the hashes of all of it
   * @throws BrokenTransferException if it broke off; the part holds what came
   * @throws HubException if what comes is not the file
   */
  ContentDigest receive(HubFile file, URI uri, PartFile part, PullProgress progress)
      throws IOException, BrokenTransferException {
    long here = part.size();
    if (here > file.size()) {
      part.delete();
      here = 0;
    }
    if (here == file.size() && here > 0) {
      return digestOf(file, part);
    }
    try (HubHttp.Answer answer = http.get(uri, range(part, here))) {
      long from = start(answer, file, part, here);
      if (from < 0) {
        // The server mixes up ranges: what it calls the rest is not ours.
        part.delete();
        throw new BrokenTransferException("the server sent another range than was asked for", null);
      }
      ContentDigest digest = digestOf(file, part);
      progress.at(file.path(), from, file.size());
      copy(answer, file, part, digest, from, progress);
      return digest;
    }
  }

  private static Map<String, String> range(PartFile part, long here) throws IOException {
    Map<String, String> headers = new HashMap<>();
    if (here > 0) {
      headers.put("Range", "bytes=" + here + "-");
      part.etag().ifPresent(etag -> headers.put("If-Range", etag));
    }
    return headers;
  }

  /** The first byte that the answer holds, with the part ready for it; -1: not what was asked. */
  private long start(HubHttp.Answer answer, HubFile file, PartFile part, long here)
      throws IOException {
    if (answer.status() == 416) {
      return -1;
    }
    Refusals.check(answer, model, options);
    if (answer.isHtml()) {
      throw Refusals.notTheHub(options, answer, null);
    }
    String encoding = answer.header("Content-Encoding");
    if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("identity")) {
      throw new HubException(
          "%s came compressed (%s), though it was asked for as it is; check the proxy."
              .formatted(file.path(), PlainText.of(encoding, 40)));
    }
    long from = answer.status() == 206 ? rangeStart(answer, file) : 0;
    if (answer.status() == 206 && from != here) {
      return -1;
    }
    requireLength(answer, file, file.size() - from);
    if (from == 0) {
      part.startOver(answer.header("ETag"));
    }
    return from;
  }

  private static long rangeStart(HubHttp.Answer answer, HubFile file) {
    Matcher range = CONTENT_RANGE.matcher(answer.header("Content-Range"));
    boolean toTheEnd =
        range.matches()
            && Long.parseLong(range.group(2)) == file.size() - 1
            && (range.group(3).equals("*") || Long.parseLong(range.group(3)) == file.size());
    return toTheEnd ? Long.parseLong(range.group(1)) : -1;
  }

  private static void requireLength(HubHttp.Answer answer, HubFile file, long expected) {
    String length = answer.header("Content-Length");
    long announced = length.matches("\\d{1,18}") ? Long.parseLong(length) : expected;
    if (announced != expected) {
      throw new HubException(
          "%s would be %,d bytes, but the hub's record says %,d. Nothing of it was kept; pull again, or check the proxy."
              .formatted(file.path(), file.size() - expected + announced, file.size()));
    }
  }

  private static void copy(
      HubHttp.Answer answer,
      HubFile file,
      PartFile part,
      ContentDigest digest,
      long from,
      PullProgress progress)
      throws IOException, BrokenTransferException {
    byte[] buffer = new byte[READ_BYTES];
    long at = from;
    try (PartFile.Appender out = part.append()) {
      for (int n = next(answer, buffer); n >= 0; n = next(answer, buffer)) {
        at += n;
        if (at > file.size()) {
          break;
        }
        out.write(buffer, n);
        digest.update(buffer, n);
        progress.at(file.path(), at, file.size());
      }
    }
    if (at > file.size()) {
      part.delete();
      throw new HubException(
          "%s goes on beyond the %,d bytes that the hub's record says. It was deleted; pull again, or check the proxy."
              .formatted(file.path(), file.size()));
    }
    if (at < file.size()) {
      throw new BrokenTransferException("the connection ended early", null);
    }
  }

  /** Reading fails by the network, writing by the disk: only the first is worth another try. */
  private static int next(HubHttp.Answer answer, byte[] buffer) throws BrokenTransferException {
    try {
      return answer.body().read(buffer);
    } catch (IOException e) {
      throw new BrokenTransferException(PlainText.of(String.valueOf(e.getMessage()), 200), e);
    }
  }

  private static ContentDigest digestOf(HubFile file, PartFile part) throws IOException {
    ContentDigest digest = new ContentDigest(file);
    if (part.size() > 0) {
      digest.update(part.path());
    }
    return digest;
  }
}
