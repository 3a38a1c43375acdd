package dev.tagstream.topology.cli;

import dev.tagstream.model.label.LabelSet;
import dev.tagstream.model.label.LabelSetYaml;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The pictures and labels that come with Tagstream. */
final class DemoContent {
  private static final String FOLDER = "/dev/tagstream/demo/";

  private DemoContent() {}

  /** The label set {@code default} of everyday words. */
  static LabelSet everydayLabels() {
    return LabelSetYaml.parse(text("everyday.yaml"));
  }

  /** Writes the pictures into a folder, as files that anybody could publish. */
  static void extractPictures(Path folder) throws IOException {
    for (String name : pictureNames()) {
      try (InputStream in = open("images/" + name)) {
        Files.copy(in, folder.resolve(name));
      }
    }
  }

  /** Writes the label set's file, as a start for one's own. */
  static void extractLabels(Path file) throws IOException {
    Files.writeString(file, text("everyday.yaml"));
  }

  /** File names of the pictures; {@code expected.tsv} lists them with the word that is right. */
  private static List<String> pictureNames() {
    return text("expected.tsv")
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> line.substring(0, line.indexOf('\t')))
        .toList();
  }

  private static String text(String name) {
    try (InputStream in = open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String name) {
    InputStream in = DemoContent.class.getResourceAsStream(FOLDER + name);
    if (in == null) {
      throw new IllegalStateException("the build has left out " + FOLDER + name);
    }
    return in;
  }
}
