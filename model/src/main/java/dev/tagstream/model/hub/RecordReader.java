package dev.tagstream.model.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads a hub's JSON; whatever is not as it has to be is refused and not guessed. */
final class RecordReader {
  /** Twenty times the largest CLIP there is. */
  static final long MAX_FILE_BYTES = 100L << 30;

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private RecordReader() {}

  /** Whether a revision can only be a commit, by its whole name. */
  static boolean isCommit(String revision) {
    return COMMIT.matcher(revision).matches();
  }

  static String commit(JsonNode revision) {
    String commit = revision.path("sha").asText("");
    if (!COMMIT.matcher(commit).matches()) {
      throw nonsense("the commit is '" + PlainText.of(commit, 80) + "'");
    }
    return commit;
  }

  /** Whether the list says more than names. */
  static boolean hasSizes(JsonNode siblings) {
    for (JsonNode sibling : siblings) {
      if (!sibling.hasNonNull("size") || !(sibling.hasNonNull("blobId") || sibling.has("lfs"))) {
        return false;
      }
    }
    return siblings.isArray();
  }

  static HubRecord ofSiblings(String commit, JsonNode siblings) {
    List<HubFile> files = new ArrayList<>();
    for (JsonNode file : siblings) {
      JsonNode lfs = file.path("lfs");
      files.add(
          lfs.isObject()
              ? large(name(file, "rfilename"), lfs.path("size"), lfs.path("sha256"))
              : small(name(file, "rfilename"), file.path("size"), file.path("blobId")));
    }
    return new HubRecord(commit, files);
  }

  static HubRecord ofTree(String commit, JsonNode entries) {
    if (!entries.isArray()) {
      throw nonsense("it has no list of files");
    }
    List<HubFile> files = new ArrayList<>();
    for (JsonNode entry : entries) {
      if (entry.path("type").asText().equals("file")) {
        JsonNode lfs = entry.path("lfs");
        files.add(
            lfs.isObject()
                ? large(name(entry, "path"), lfs.path("size"), lfs.path("oid"))
                : small(name(entry, "path"), entry.path("size"), entry.path("oid")));
      }
    }
    return new HubRecord(commit, files);
  }

  private static HubFile large(String path, JsonNode size, JsonNode sha256) {
    String hex = sha256.asText("").replaceFirst("^sha256:", "");
    if (!SHA256.matcher(hex).matches()) {
      throw nonsense("the SHA-256 of " + path + " is '" + PlainText.of(hex, 80) + "'");
    }
    return new HubFile(path, size(path, size), new HubFile.Digest(HubFile.Algorithm.SHA256, hex));
  }

  private static HubFile small(String path, JsonNode size, JsonNode blob) {
    String hex = blob.asText("");
    if (!COMMIT.matcher(hex).matches()) {
      throw nonsense("the blob of " + path + " is '" + PlainText.of(hex, 80) + "'");
    }
    return new HubFile(path, size(path, size), new HubFile.Digest(HubFile.Algorithm.GIT_BLOB, hex));
  }

  private static long size(String path, JsonNode size) {
    if (!size.isIntegralNumber() || !size.canConvertToLong() || size.longValue() < 0) {
      throw nonsense("the size of " + path + " is " + PlainText.of(size.toString(), 40));
    }
    if (size.longValue() > MAX_FILE_BYTES) {
      throw nonsense(
          "%s has %d bytes; the largest file that is taken has %d"
              .formatted(path, size.longValue(), MAX_FILE_BYTES));
    }
    return size.longValue();
  }

  /** A name that leads out of the folder is no accident: nothing of such a record is believed. */
  private static String name(JsonNode file, String key) {
    String path = file.path(key).asText("");
    boolean leadsOut =
        path.isEmpty()
            || path.length() > 1_000
            || path.startsWith("/")
            || path.contains("\\")
            || path.contains(":")
            || !path.equals(PlainText.of(path, 1_000))
            || List.of(path.split("/", -1)).stream()
                .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    if (leadsOut) {
      throw nonsense("it names the file '" + PlainText.of(path, 80) + "'");
    }
    return path;
  }

  private static HubException nonsense(String what) {
    return new HubException(
        "The hub's record cannot be believed: " + what + ". Nothing was fetched; check hub.url.");
  }
}
