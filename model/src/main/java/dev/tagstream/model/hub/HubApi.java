package dev.tagstream.model.hub;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The two questions that a pull asks, in the form of the Hugging Face Hub's API: {@code
 * /api/models/REPO/revision/REVISION?blobs=true} for the record, and {@code
 * /REPO/resolve/COMMIT/FILE} for a file. A mirror that does not list sizes with the first is asked
 * for {@code /api/models/REPO/tree/COMMIT} too.
 */
final class HubApi {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_RECORD_BYTES = 16 << 20;

  private final HubOptions options;
  private final HubHttp http;

  HubApi(HubOptions options, HubHttp http) {
    this.options = options;
    this.http = http;
  }

  /**
   * Asks for a revision.
   *
   * @throws HubException if the hub does not have it, does not give it, or says nonsense
   */
  HubRecord record(ModelReference model) {
    String path = "/api/models/" + model.repository();
    JsonNode revision =
        json(model, path + "/revision/" + encoded(model.revisionOrMain()) + "?blobs=true");
    String commit = RecordReader.commit(revision);
    requirePinned(model, commit);
    JsonNode siblings = revision.path("siblings");
    if (RecordReader.hasSizes(siblings)) {
      return RecordReader.ofSiblings(commit, siblings);
    }
    return RecordReader.ofTree(commit, json(model, path + "/tree/" + commit));
  }

  /** Where a file of a commit is. */
  URI file(ModelReference model, String commit, HubFile file) {
    return options.at("/" + model.repository() + "/resolve/" + commit + "/" + encoded(file.path()));
  }

  /** Who names a commit has looked at that one. */
  private static void requirePinned(ModelReference model, String commit) {
    String wanted = model.revisionOrMain();
    if (RecordReader.isCommit(wanted) && !wanted.equals(commit)) {
      throw new HubException(
          "The hub was asked for %s and answered with commit %s. Nothing was fetched; check hub.url."
              .formatted(model, commit));
    }
  }

  private JsonNode json(ModelReference model, String path) {
    URI uri = options.at(path);
    try (HubHttp.Answer answer = http.get(uri, Map.of("Accept", "application/json"))) {
      Refusals.check(answer, model, options);
      byte[] body = answer.body().readNBytes(MAX_RECORD_BYTES + 1);
      if (body.length > MAX_RECORD_BYTES) {
        throw new HubException(
            "The hub's record of %s is larger than %d MiB; this is no model Tagstream can pull."
                .formatted(model, MAX_RECORD_BYTES >> 20));
      }
      return object(answer, body);
    } catch (IOException e) {
      throw new HubException(
          "The hub broke off while it sent its record of %s: %s. Try again."
              .formatted(model, PlainText.of(String.valueOf(e.getMessage()), 200)),
          e);
    }
  }

  private JsonNode object(HubHttp.Answer answer, byte[] body) {
    try {
      JsonNode node = answer.isHtml() ? null : JSON.readTree(body);
      if (node != null && node.isContainerNode()) {
        return node;
      }
    } catch (JacksonException e) {
      throw Refusals.notTheHub(options, answer, e);
    } catch (IOException e) {
      throw new IllegalStateException("Bytes in memory can be read", e);
    }
    throw Refusals.notTheHub(options, answer, null);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
