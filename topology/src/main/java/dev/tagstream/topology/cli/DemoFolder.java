package dev.tagstream.topology.cli;

import dev.tagstream.topology.demo.DemoPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A temporary folder with the demo's files, removed in the end.
 *
 * @param pictures holds the picture files
 * @param labels the label set in YAML, to be edited by whoever wants other labels
 */
record DemoFolder(TemporaryFolder root, Path pictures, Path labels) implements AutoCloseable {

  static DemoFolder create() throws IOException {
    TemporaryFolder root = TemporaryFolder.create("tagstream-demo-");
    DemoFolder folder =
        new DemoFolder(root, root.path().resolve("pictures"), root.path().resolve("everyday.yaml"));
    try {
      Files.createDirectory(folder.pictures);
      for (DemoPictures.Picture picture : DemoPictures.all()) {
        Files.write(folder.pictures.resolve(picture.file()), picture.bytes());
      }
      Files.writeString(folder.labels, DemoPictures.labelSetYaml());
    } catch (IOException e) {
      folder.close();
      throw e;
    }
    return folder;
  }

  /** A path below the folder. */
  Path resolve(String name) {
    return root.path().resolve(name);
  }

  @Override
  public void close() throws IOException {
    root.close();
  }
}
