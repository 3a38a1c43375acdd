package dev.tagstream.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tagstream.model.RandomCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;

/** A checkpoint that is good until a test changes its configuration. */
record EditedCheckpoint(Path folder) {
  private static final JsonMapper MAPPER = new JsonMapper();

  static EditedCheckpoint good(Path folder) throws IOException {
    RandomCheckpoint.write(folder, CheckpointShape.named("tiny"), 1);
    return new EditedCheckpoint(folder);
  }

  CheckpointFolder open() {
    return CheckpointFolder.open(folder);
  }

  AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
    return assertThatThrownBy(this::open).isInstanceOf(CheckpointException.class);
  }

  void edit(String name, Consumer<ObjectNode> change) throws IOException {
    Path file = folder.resolve(name);
    ObjectNode json = (ObjectNode) MAPPER.readTree(file.toFile());
    change.accept(json);
    MAPPER.writeValue(file.toFile(), json);
  }

  static ObjectNode object(ObjectNode json, String key) {
    return (ObjectNode) json.path(key);
  }
}
