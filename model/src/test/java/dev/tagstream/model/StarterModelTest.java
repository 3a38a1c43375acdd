package dev.tagstream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tagstream.model.checkpoint.CheckpointException;
import dev.tagstream.model.checkpoint.CheckpointShape;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StarterModelTest {
  private static final String PLACE = "dev/tagstream/model/starter/";

  @TempDir private Path temporary;

  @Test
  void insideAJarItIsExtractedOnceIntoTheCache() throws Exception {
    Path cache = temporary.resolve("cache");
    try (URLClassLoader loader = loader(jar(1))) {
      Path folder = StarterModel.folder(loader, cache);

      assertThat(folder.getFileName()).as("the checkpoint's name").hasToString("starter");
      assertThat(Checkpoint.read(folder, ModelOptions.defaults()).tensors()).isPositive();

      assertThat(StarterModel.folder(loader, cache)).isEqualTo(folder);
      assertThat(entries(cache)).containsExactly(folder.getParent());
    }
  }

  @Test
  void anotherReleasesModelGetsAFolderOfItsOwn() throws Exception {
    Path cache = temporary.resolve("cache");
    try (URLClassLoader first = loader(jar(1));
        URLClassLoader second = loader(jar(2))) {
      assertThat(StarterModel.folder(first, cache))
          .isNotEqualTo(StarterModel.folder(second, cache));
    }
  }

  @Test
  void processesThatExtractAtTheSameTimeAgreeAndLeaveNothingBehind() throws Exception {
    Path cache = temporary.resolve("cache");
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try (URLClassLoader loader = loader(jar(1))) {
      List<Future<Path>> folders = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        folders.add(pool.submit(() -> StarterModel.folder(loader, cache)));
      }
      Set<Path> distinct = new HashSet<>();
      for (Future<Path> folder : folders) {
        distinct.add(folder.get());
      }
      assertThat(distinct).hasSize(1);
      assertThat(entries(cache)).hasSize(1);
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void amongClassesItIsUsedWhereItLies() throws Exception {
    Path folder = temporary.resolve("classes").resolve(PLACE);
    RandomCheckpoint.write(folder, CheckpointShape.named("tiny"), 1);
    URL classes = temporary.resolve("classes").toUri().toURL();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes}, null)) {
      Path cache = temporary.resolve("cache");

      assertThat(StarterModel.folder(loader, cache)).isEqualTo(folder);
      assertThat(cache).doesNotExist();
    }
  }

  @Test
  void aBuildWithoutOneSaysSo() throws Exception {
    try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
      assertThatThrownBy(() -> StarterModel.folder(empty, temporary))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("no starter model");
    }
  }

  @Test
  void aCacheThatCannotBeWrittenToIsNamed() throws Exception {
    Path file = Files.writeString(temporary.resolve("file"), "not a folder");
    try (URLClassLoader loader = loader(jar(1))) {
      assertThatThrownBy(() -> StarterModel.folder(loader, file.resolve("cache")))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("XDG_CACHE_HOME");
    }
  }

  private Path jar(long seed) throws IOException {
    Path folder = temporary.resolve("checkpoint-" + seed);
    RandomCheckpoint.write(folder, CheckpointShape.named("tiny"), seed);
    Path jar = temporary.resolve("starter-" + seed + ".jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (Path file : entries(folder)) {
        zip.putNextEntry(new ZipEntry(PLACE + file.getFileName()));
        Files.copy(file, zip);
      }
    }
    return jar;
  }

  /** Of one jar alone: the class path of the tests may have the real starter model. */
  private static URLClassLoader loader(Path jar) throws IOException {
    return new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
