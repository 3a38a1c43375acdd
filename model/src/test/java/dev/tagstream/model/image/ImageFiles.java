package dev.tagstream.model.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The image files and golden data that {@code src/test/python/image_files.py} made. */
final class ImageFiles {

  private ImageFiles() {}

  static byte[] read(String name) {
    try {
      return Files.readAllBytes(folder().resolve("files").resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] near(String name) throws IOException {
    return Files.readAllBytes(folder().resolve("near").resolve(name + ".rgb"));
  }

  /** Names of all files, in order. */
  static List<String> names() {
    try (Stream<Path> files = Files.list(folder().resolve("files"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The tab-separated fields of each line of a golden file. */
  static List<List<String>> table(String name) throws IOException {
    return Files.readAllLines(folder().resolve(name)).stream()
        .map(line -> List.of(line.split("\t")))
        .toList();
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static Path folder() {
    URL url = ImageFiles.class.getResource("golden.tsv");
    try {
      return Objects.requireNonNull(Path.of(Objects.requireNonNull(url).toURI()).getParent());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
