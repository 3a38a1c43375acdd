package dev.tagstream.model.selftest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Published figures, and the pictures that come with them. */
public final class Figures {
  private static final JsonMapper JSON = new JsonMapper();

  private Figures() {}

  /** Those that come with Tagstream. */
  public static List<Figure> published() {
    return parse("figures.json", resource("figures.json").orElseThrow());
  }

  /**
   * Reads a file in the form of the one that comes with Tagstream.
   *
   * @throws IllegalArgumentException if it has another form, or no figure
   */
  public static List<Figure> read(Path file) throws IOException {
    return parse(file.toString(), Files.readAllBytes(file));
  }

  /** A picture that comes with Tagstream. */
  public static Optional<byte[]> picture(String name) {
    return name.matches("[A-Za-z0-9._-]+") ? resource(name) : Optional.empty();
  }

  private static List<Figure> parse(String name, byte[] json) {
    try {
      List<Figure> figures = new ArrayList<>();
      for (JsonNode node : JSON.readTree(json).path("figures")) {
        figures.add(figure(node));
      }
      if (figures.isEmpty()) {
        throw new IllegalArgumentException("its list \"figures\" is missing or empty");
      }
      return figures;
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IllegalArgumentException(name + " holds no figures: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Figure figure(JsonNode node) {
    boolean logits = node.has("logits");
    List<String> prompts = new ArrayList<>();
    node.path("prompts").forEach(prompt -> prompts.add(prompt.asText()));
    List<Double> values = new ArrayList<>();
    node.path(logits ? "logits" : "probabilities").forEach(value -> values.add(value.asDouble()));
    return new Figure(
        node.path("model").asText(),
        node.path("source").asText(),
        new Figure.Picture(
            node.path("picture").asText(),
            Optional.ofNullable(node.get("pictureSha256")).map(JsonNode::asText),
            Optional.ofNullable(node.get("pictureUrl")).map(url -> URI.create(url.asText()))),
        prompts,
        logits ? Figure.Measure.LOGITS : Figure.Measure.PROBABILITIES,
        values,
        node.path("tolerance").asDouble(),
        node.path("secondHand").asBoolean());
  }

  private static Optional<byte[]> resource(String name) {
    try (InputStream in = Figures.class.getResourceAsStream(name)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
