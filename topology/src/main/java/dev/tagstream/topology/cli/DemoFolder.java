package dev.tagstream.topology.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A temporary folder with the demo's files, removed in the end.
 *
 * @param pictures holds the picture files
 * @param labels the label set in YAML, to be edited by whoever wants other labels
 */
record DemoFolder(Path root, Path pictures, Path labels) implements AutoCloseable {

  static DemoFolder create() throws IOException {
    Path root = Files.createTempDirectory("tagstream-demo-");
    DemoFolder folder =
        new DemoFolder(root, root.resolve("pictures"), root.resolve("everyday.yaml"));
    try {
      Files.createDirectory(folder.pictures);
      DemoContent.extractPictures(folder.pictures);
      DemoContent.extractLabels(folder.labels);
    } catch (IOException e) {
      folder.close();
      throw e;
    }
    return folder;
  }

  @Override
  public void close() throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> files = Files.walk(root)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.delete(file);
    }
  }
}
