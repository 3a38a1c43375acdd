package dev.tagstream.topology.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Finds pictures: named files as they are, and below named folders what a picture is called. */
public final class PictureFiles {
  private static final Set<String> EXTENSIONS =
      Set.of("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff");

  private PictureFiles() {}

  /**
   * The pictures, folders in the order of their paths.
   *
   * @throws IOException if something named cannot be read
   */
  public static List<PictureFile> find(List<Path> named) throws IOException {
    List<PictureFile> pictures = new ArrayList<>();
    for (Path path : named) {
      if (Files.isDirectory(path)) {
        addFolder(path, pictures);
      } else if (Files.isRegularFile(path)) {
        pictures.add(new PictureFile(path, path.getFileName().toString()));
      } else {
        throw new NoSuchFileException(path.toString());
      }
    }
    return pictures;
  }

  private static void addFolder(Path folder, List<PictureFile> pictures) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .filter(Files::isRegularFile)
          .filter(PictureFiles::isCalledAPicture)
          .sorted()
          .forEach(file -> pictures.add(new PictureFile(file, folder.relativize(file).toString())));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isCalledAPicture(Path file) {
    String name = file.getFileName().toString();
    return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }
}
