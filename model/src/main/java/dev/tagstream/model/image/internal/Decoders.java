package dev.tagstream.model.image.internal;

/** The decoders as a set: what they are called together, and whether they can run here. */
public final class Decoders {

  /** Changes whenever a decoder is replaced or updated. */
  public static final String IDENTITY =
      "jpeg,png,webp=skija-0.143.17;gif,bmp,deep-gray-png=jdk;tiff=twelvemonkeys-3.14.0";

  private Decoders() {}

  /**
   * Loads native code, once for the process.
   *
   * @throws IllegalStateException if there is none for this platform
   */
  public static void load() {
    try {
      SkiaLibrary.load();
      JdkDecoder.GIF.name();
    } catch (LinkageError | RuntimeException e) {
      throw new IllegalStateException(
          "the decoder of JPEG, PNG and WebP has no native library for "
              + System.getProperty("os.name")
              + " on "
              + System.getProperty("os.arch")
              + "; build with -Dskija.artifactId=skija-OS-ARCH (linux-x64, linux-arm64, macos-arm64,"
              + " macos-x64, windows-x64), or put that artifact of io.github.humbleui on the class"
              + " path",
          e);
    }
  }
}
