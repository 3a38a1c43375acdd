package dev.tagstream.model.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagstream.model.hub.ModelLock.LockedFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lock files. */
final class LockJson {
  private static final int FORMAT = 1;
  private static final long MAX_BYTES = 1 << 20;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private LockJson() {}

  /** Writes the lock of a folder that nobody reads yet, down to the disk. */
  static void write(Path folder, ModelLock lock) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT);
    root.put("source", lock.source());
    root.put("hub", lock.hub());
    root.put("requested", lock.requested());
    root.put("revision", lock.revision());
    ObjectNode card = root.putObject("card");
    lock.card().facts().forEach(card::put);
    ArrayNode files = root.putArray("files");
    for (LockedFile file : lock.files()) {
      files
          .addObject()
          .put("path", file.path())
          .put("size", file.size())
          .put("sha256", file.sha256());
    }
    Path file = folder.resolve(ModelLock.FILE);
    Files.write(file, JSON.writeValueAsBytes(root));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /**
   * Reads a folder's lock; empty if it has none.
   *
   * @throws HubException if it has one that is damaged
   */
  static Optional<ModelLock> read(Path folder) {
    Path file = folder.resolve(ModelLock.FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw damaged(file, "it is too large", null);
      }
      return Optional.of(lock(file, JSON.readTree(Files.readAllBytes(file))));
    } catch (IOException e) {
      throw damaged(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static ModelLock lock(Path file, JsonNode root) {
    if (root == null || root.path("format").asInt() != FORMAT) {
      throw damaged(file, "its format is not " + FORMAT, null);
    }
    List<LockedFile> files = new ArrayList<>();
    for (JsonNode entry : root.path("files")) {
      LockedFile locked =
          new LockedFile(
              entry.path("path").asText(),
              entry.path("size").asLong(-1),
              entry.path("sha256").asText());
      if (!locked.path().matches("[A-Za-z0-9][A-Za-z0-9._-]*")
          || locked.size() < 0
          || !locked.sha256().matches("[0-9a-f]{64}")) {
        throw damaged(file, "the entry of '" + PlainText.of(locked.path(), 80) + "'", null);
      }
      files.add(locked);
    }
    JsonNode card = root.path("card");
    return new ModelLock(
        text(root, "source"),
        text(root, "hub"),
        text(root, "requested"),
        text(root, "revision"),
        files,
        new ModelCard(
            fact(card, "licence"),
            fact(card, "trainingData"),
            fact(card, "intendedUse"),
            fact(card, "outOfScopeUse")));
  }

  private static String text(JsonNode root, String key) {
    return PlainText.of(root.path(key).asText(""), 500);
  }

  private static Optional<String> fact(JsonNode card, String key) {
    return Optional.of(PlainText.of(card.path(key).asText(""), 1_000)).filter(t -> !t.isEmpty());
  }

  private static HubException damaged(
      Path file, String why, @org.jspecify.annotations.Nullable Throwable cause) {
    return new HubException(
        "The lock file %s cannot be used (%s). Pull the model again, or delete the lock to use the folder unverified."
            .formatted(file, why),
        cause);
  }
}
