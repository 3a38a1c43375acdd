package dev.tagstream.topology.demo;

import dev.tagstream.model.label.LabelSet;
import dev.tagstream.model.label.LabelSetYaml;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The pictures that come with Tagstream: real files in six formats, none of which the starter model
 * was trained on. Their origin and licence stand beside them in {@code ATTRIBUTION.md}.
 */
public final class DemoPictures {
  private static final String FOLDER = "/dev/tagstream/demo/";

  private DemoPictures() {}

  /**
   * One bundled picture.
   *
   * @param file its name, such as {@code dog.jpg}
   * @param word what a person would call it: a label of {@link #labelSet}
   * @param bytes the file
   */
  @SuppressWarnings("ArrayRecordComponent") // a file's content, compared by nobody
  public record Picture(String file, String word, byte[] bytes) {}

  /** All pictures, in the order of their list. */
  public static List<Picture> all() {
    String list = new String(read("expected.tsv"), StandardCharsets.UTF_8);
    List<Picture> pictures = new ArrayList<>();
    for (String line : list.lines().toList()) {
      if (!line.startsWith("#") && !line.isBlank()) {
        String[] columns = line.split("\t", -1);
        pictures.add(new Picture(columns[0], columns[1], read("images/" + columns[0])));
      }
    }
    return List.copyOf(pictures);
  }

  /** The set of everyday words that the starter model knows. */
  public static LabelSet labelSet() {
    return LabelSetYaml.parse(labelSetYaml());
  }

  /** The same as its file has it, as a start for label sets of one's own. */
  public static String labelSetYaml() {
    return new String(read("everyday.yaml"), StandardCharsets.UTF_8);
  }

  private static byte[] read(String name) {
    try (InputStream in = DemoPictures.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new FileNotFoundException("resource " + FOLDER + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
