package dev.tagstream.model.evaluate;

import dev.tagstream.model.label.LabelSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Templates that prompts are put into, under a name.
 *
 * @param name {@code none}, {@code clip-7}, {@code clip-80}, or as the caller calls it
 * @param templates texts with a {@code {}}; none: prompts as they are
 */
public record PromptTemplates(String name, List<String> templates) {
  /** Prompts as they are. */
  public static final PromptTemplates NONE = new PromptTemplates("none", List.of());

  /** The seven that forward selection chose of {@link #CLIP_80}. */
  public static final PromptTemplates CLIP_7 = bundled("clip-7");

  /** Those of CLIP's evaluation on ImageNet (Radford et al. 2021, section 3.1.4). */
  public static final PromptTemplates CLIP_80 = bundled("clip-80");

  public PromptTemplates {
    templates = List.copyOf(templates);
  }

  /** All that have a name of their own. */
  public static List<PromptTemplates> named() {
    return List.of(NONE, CLIP_7, CLIP_80);
  }

  /**
   * Reads templates, one a line; empty lines and lines that begin with {@code #} do not count.
   *
   * @throws IllegalArgumentException if a line has no {@code {}}, or there is no template
   * @throws IOException if the file cannot be read as UTF-8
   */
  public static PromptTemplates read(Path file) throws IOException {
    List<String> templates = parse(Files.readString(file));
    if (templates.isEmpty()) {
      throw new IllegalArgumentException(
          file + " has no template; write one a line, such as: a photo of a {}.");
    }
    for (String template : templates) {
      if (!template.contains(LabelSet.SLOT)) {
        throw new IllegalArgumentException(
            file + " has the template '" + template + "' with no {} for the prompt");
      }
    }
    return new PromptTemplates(file.toString(), templates);
  }

  /** The label set with these templates in place of its own. */
  public LabelSet in(LabelSet set) {
    return new LabelSet(
        set.name(), set.version(), set.labels(), templates, set.scoring(), set.topK());
  }

  private static List<String> parse(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .toList();
  }

  private static PromptTemplates bundled(String name) {
    try (InputStream in = PromptTemplates.class.getResourceAsStream(name + ".txt")) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + ".txt is missing");
      }
      return new PromptTemplates(
          name, parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
