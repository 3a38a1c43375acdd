package dev.tagstream.model;

import dev.tagstream.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The small checkpoint that comes with Tagstream, so that a first run means something offline.
 *
 * <p>ONNX Runtime reads weights from a real file. Run from a folder of classes, the checkpoint is
 * used where it lies; inside a jar, it is extracted once into the user's cache, into a folder named
 * by the SHA-256 of its contents.
 */
public final class StarterModel {
  private static final String RESOURCES = "dev/tagstream/model/starter/";
  private static final List<String> REQUIRED =
      List.of("config.json", "preprocessor_config.json", "tokenizer.json", "model.safetensors");
  private static final List<String> OPTIONAL = List.of("README.md", "LICENSE");

  private StarterModel() {}

  /** Whether this build has a starter model. */
  public static boolean isPresent() {
    return resource(StarterModel.class.getClassLoader(), REQUIRED.get(0)) != null;
  }

  /**
   * The checkpoint's folder, which must not be written to.
   *
   * @throws CheckpointException if this build has none, or it cannot be extracted
   */
  public static Path folder() {
    return folder(StarterModel.class.getClassLoader(), cacheFolder());
  }

  static Path folder(@Nullable ClassLoader loader, Path cache) {
    URL config = resource(loader, REQUIRED.get(0));
    if (config == null) {
      throw new CheckpointException(
          "This build has no starter model; name a checkpoint folder instead.");
    }
    if (config.getProtocol().equals("file")) {
      return Path.of(uri(config)).resolveSibling(".").normalize();
    }
    try {
      return extracted(loader, cache);
    } catch (IOException e) {
      throw new CheckpointException(
          "The starter model cannot be extracted into "
              + cache
              + "; set XDG_CACHE_HOME to a folder that can be written to: "
              + e,
          e);
    }
  }

  private static Path extracted(@Nullable ClassLoader loader, Path cache) throws IOException {
    List<String> files =
        Stream.concat(REQUIRED.stream(), OPTIONAL.stream())
            .filter(file -> resource(loader, file) != null)
            .toList();
    // The folder's own name is the checkpoint's, which results carry.
    Path home = cache.resolve(sha256(loader, files));
    Path target = home.resolve("starter");
    if (Files.isDirectory(target)) {
      return target;
    }
    Files.createDirectories(home);
    Path unfinished = Files.createTempDirectory(cache, "starter-unfinished-");
    try {
      for (String file : files) {
        try (InputStream in = open(loader, file)) {
          Files.copy(in, unfinished.resolve(file));
        }
      }
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      // Another process was first, and the contents are the same by name.
      if (!Files.isDirectory(target)) {
        throw e;
      }
    } finally {
      delete(unfinished, files);
    }
    return target;
  }

  private static String sha256(@Nullable ClassLoader loader, List<String> files)
      throws IOException {
    MessageDigest digest = newDigest();
    for (String file : files) {
      try (InputStream in = new DigestInputStream(open(loader, file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void delete(Path folder, List<String> files) throws IOException {
    for (String file : files) {
      Files.deleteIfExists(folder.resolve(file));
    }
    Files.deleteIfExists(folder);
  }

  private static InputStream open(@Nullable ClassLoader loader, String file) throws IOException {
    URL url = resource(loader, file);
    if (url == null) {
      throw new IOException("the build's starter model has no " + file);
    }
    return url.openStream();
  }

  private static @Nullable URL resource(@Nullable ClassLoader loader, String file) {
    return loader == null
        ? ClassLoader.getSystemResource(RESOURCES + file)
        : loader.getResource(RESOURCES + file);
  }

  private static Path cacheFolder() {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path base =
        configured == null || configured.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(configured);
    return base.resolve("tagstream");
  }

  private static URI uri(URL url) {
    try {
      return url.toURI();
    } catch (URISyntaxException e) {
      throw new UncheckedIOException(new IOException("No file has the address " + url, e));
    }
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has SHA-256", e);
    }
  }
}
