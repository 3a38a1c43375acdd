package dev.tagstream.topology.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.RuntimeJsonMappingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.tagstream.model.label.Label;
import dev.tagstream.model.label.LabelSet;
import dev.tagstream.topology.client.PictureFile;
import dev.tagstream.topology.client.PictureFiles;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Pictures and what they show.
 *
 * @param pictures those whose label the set has
 * @param skipped the others, with the reason
 */
public record LabelledPictures(List<Picture> pictures, List<Skipped> skipped) {

  public LabelledPictures {
    pictures = List.copyOf(pictures);
    skipped = List.copyOf(skipped);
  }

  /**
   * A picture file.
   *
   * @param label index in the label set
   */
  public record Picture(Path path, String name, int label) {}

  /** A picture that is not evaluated. */
  public record Skipped(String name, String reason) {}

  /**
   * Reads the truth.
   *
   * @param images a folder with a folder for each label, or a CSV file with the columns {@code
   *     path} and {@code label}, whose paths are relative to it. A label goes by its id or its name
   *     in the set, whatever the case
   * @throws IllegalArgumentException if a CSV file lacks a column, is none or is not in UTF-8
   * @throws IOException if the folder or file cannot be read
   */
  public static LabelledPictures read(Path images, LabelSet set) throws IOException {
    Reading reading = new Reading(set);
    if (Files.isDirectory(images)) {
      readFolder(images.toRealPath(), reading);
    } else {
      readCsv(images, reading);
    }
    return new LabelledPictures(reading.pictures, reading.skipped);
  }

  private static void readFolder(Path images, Reading reading) throws IOException {
    for (PictureFile file : PictureFiles.find(List.of(images))) {
      Path below = images.relativize(file.path());
      if (below.getNameCount() < 2) {
        reading.skip(file.name(), "it lies in no folder that is named after a label");
      } else {
        reading.add(file.path(), file.name(), below.getName(0).toString());
      }
    }
    for (Path link : linkedFolders(images)) {
      for (PictureFile file : PictureFiles.find(List.of(link.toRealPath()))) {
        String name = link.getFileName().resolve(file.name()).toString();
        reading.add(file.path(), name, link.getFileName().toString());
      }
    }
  }

  /** Sets are often put together of links to folders, which no walk through a folder follows. */
  private static List<Path> linkedFolders(Path images) throws IOException {
    try (Stream<Path> entries = Files.list(images)) {
      return entries
          .filter(entry -> Files.isSymbolicLink(entry) && Files.isDirectory(entry))
          .sorted()
          .toList();
    }
  }

  private static void readCsv(Path file, Reading reading) throws IOException {
    CsvMapper csv =
        CsvMapper.builder()
            .enable(CsvParser.Feature.TRIM_SPACES, CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();
    try (MappingIterator<JsonNode> rows =
        csv.readerFor(JsonNode.class)
            .with(CsvSchema.emptySchema().withHeader())
            .readValues(text(file))) {
      while (rows.hasNext()) {
        JsonNode row = rows.next();
        if (!row.has("path") || !row.has("label")) {
          throw new IllegalArgumentException(
              file + " needs a header line with the columns path and label, separated by a comma");
        }
        addRow(file, row.get("path").asText(), row.get("label").asText(), reading);
      }
    } catch (RuntimeJsonMappingException e) {
      throw new IllegalArgumentException(file + " cannot be read as CSV: " + e.getMessage(), e);
    }
  }

  private static void addRow(Path file, String path, String label, Reading reading) {
    try {
      reading.add(file.toAbsolutePath().resolveSibling(path), path, label);
    } catch (InvalidPathException e) {
      reading.skip(path, "it is no path: " + e.getReason());
    }
  }

  /** Spreadsheet programs put a byte order mark in front. */
  private static String text(Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          file + " is not written in UTF-8; save it as CSV in UTF-8", e);
    }
    if (text.isBlank()) {
      throw new IllegalArgumentException(
          file + " is empty; it needs a header line with the columns path and label");
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** Collects while the labels are looked up. */
  private static final class Reading {
    private final List<Picture> pictures = new ArrayList<>();
    private final List<Skipped> skipped = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<String, Integer> names = new HashMap<>();
    private final Set<String> ambiguous = new HashSet<>();
    private final String setName;

    Reading(LabelSet set) {
      setName = set.name();
      for (int i = 0; i < set.labels().size(); i++) {
        Label label = set.labels().get(i);
        register(ids, label.id(), i);
        register(names, label.name(), i);
      }
    }

    private void register(Map<String, Integer> known, String word, int index) {
      if (known.putIfAbsent(folded(word), index) != null) {
        ambiguous.add(folded(word));
      }
    }

    void add(Path path, String name, String word) {
      String key = folded(word);
      Integer index = ids.getOrDefault(key, names.get(key));
      if (index == null) {
        skip(name, "the label set '%s' has no label '%s'".formatted(setName, word));
      } else if (ambiguous.contains(key)) {
        skip(name, "'%s' is the name of several labels; use their ids".formatted(word));
      } else {
        pictures.add(new Picture(path, name, index));
      }
    }

    void skip(String name, String reason) {
      skipped.add(new Skipped(name, reason));
    }

    /** macOS takes letters of folder names apart, ü into u and ¨; label sets rarely do. */
    private static String folded(String word) {
      return Normalizer.normalize(word.strip(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }
  }
}
