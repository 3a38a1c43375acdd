package dev.tagstream.topology.client;

import dev.tagstream.model.image.ImageLimits;
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

  /**
   * A picture's bytes, if a picture may have so many: a file of gigabytes is never read.
   *
   * @throws IOException in words, if it is too large, not there or not readable
   */
  public static byte[] read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("there is no such file");
    }
    long most = ImageLimits.defaults().maxBytes();
    if (Files.size(file) > most) {
      throw new IOException("the file has " + Files.size(file) + " bytes; allowed are " + most);
    }
    return Files.readAllBytes(file);
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
