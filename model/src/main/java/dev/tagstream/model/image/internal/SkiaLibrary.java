package dev.tagstream.model.image.internal;

import io.github.humbleui.skija.impl.Library;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Loads Skia's native code on machines that have no graphical system.
 *
 * <p>On Linux the library asks for libGL, libEGL and libfontconfig, which a server does not have
 * and the codecs do not call. It is loaded from a copy without these; see {@link SharedObject}. The
 * copy lies in a directory that only this process's user can write, and is deleted once it is
 * mapped.
 */
final class SkiaLibrary {

  private static final String PATH_PROPERTY = "skija.library.path";
  private static final String NAME = System.mapLibraryName("skija");

  private SkiaLibrary() {}

  /** Loads it once for the process; a library that the user names in a property is left alone. */
  static synchronized void load() {
    boolean chosenByUser =
        System.getProperty(PATH_PROPERTY) != null
            || System.getProperty("skija.loadFromLibraryPath") != null;
    if (Library._loaded) {
      return;
    }
    if (chosenByUser || !System.getProperty("os.name").equals("Linux")) {
      Library.load();
      return;
    }
    try {
      loadDetached();
    } catch (IOException e) {
      throw new UncheckedIOException("Skia's native library cannot be copied", e);
    }
  }

  private static void loadDetached() throws IOException {
    byte[] library = bundled();
    SharedObject.detach(library, "libGL.", "libEGL.", "libfontconfig.");
    Path folder = Files.createTempDirectory("tagstream-skia");
    Path copy = folder.resolve(NAME);
    try {
      Files.write(copy, library);
      System.setProperty(PATH_PROPERTY, folder.toString());
      Library.load();
    } finally {
      System.clearProperty(PATH_PROPERTY);
      Files.deleteIfExists(copy);
      Files.deleteIfExists(folder);
    }
  }

  private static byte[] bundled() throws IOException {
    String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String arch = machine.equals("aarch64") ? "arm64" : "x64";
    String resource = "io/github/humbleui/skija/linux/" + arch + "/" + NAME;
    try (InputStream in = Library.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new UnsatisfiedLinkError(resource + " is not on the class path");
      }
      return in.readAllBytes();
    }
  }
}
