package dev.tagstream.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The front matter of a checkpoint's {@code README.md}, as Hugging Face's model cards have it. */
final class ModelCard {
  private static final int MAX_BYTES = 64 << 10;
  private static final Pattern FRONT_MATTER =
      Pattern.compile("\\A---\\R(.*?)\\R---", Pattern.DOTALL);

  private ModelCard() {}

  /** The licence that the card names; empty without a readable card. */
  static Optional<String> licence(Path folder) {
    try (InputStream in = Files.newInputStream(folder.resolve("README.md"))) {
      String text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
      Matcher matter = FRONT_MATTER.matcher(text);
      return matter.find() ? licence(matter.group(1)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> licence(String yaml) throws JsonProcessingException {
    JsonNode card = new YAMLMapper().readTree(yaml);
    String name = card.path("license_name").asText("");
    String id = card.path("license").asText("");
    return Optional.of(name.isBlank() ? id : name).filter(licence -> !licence.isBlank());
  }
}
