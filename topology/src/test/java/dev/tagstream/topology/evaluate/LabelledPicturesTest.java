package dev.tagstream.topology.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.model.label.LabelSet;
import dev.tagstream.model.label.LabelSetYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledPicturesTest {
  private static final LabelSet LABELS = LabelSetYaml.parse("labels: [dog, Käse, 犬]");

  @TempDir Path folder;

  @Test
  void aFolderIsFoundAmongTheLabelsHoweverItsLettersArePutTogether() throws IOException {
    for (Normalizer.Form form : Normalizer.Form.values()) {
      Path images = folder.resolve(form.name());
      picture(images.resolve(Normalizer.normalize("käse", form)));

      LabelledPictures read = LabelledPictures.read(images, LABELS);

      assertThat(read.skipped()).as(form.name()).isEmpty();
      assertThat(read.pictures()).extracting(LabelledPictures.Picture::label).containsExactly(1);
    }
  }

  @Test
  void linksToFoldersCountAsFolders() throws IOException {
    Path images = folder.resolve("images");
    picture(images.resolve("犬"));
    picture(folder.resolve("elsewhere"));
    Files.createSymbolicLink(images.resolve("dog"), folder.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), images);

    LabelledPictures read = LabelledPictures.read(link, LABELS);

    assertThat(read.skipped()).isEmpty();
    assertThat(read.pictures())
        .extracting(LabelledPictures.Picture::name)
        .containsExactly("犬/a.jpg", "dog/a.jpg");
    assertThat(read.pictures()).extracting(LabelledPictures.Picture::label).containsExactly(2, 0);
  }

  @Test
  void aCsvFileOfASpreadsheetProgramIsReadAndItsPathsAreRelativeToIt() throws IOException {
    Path csv =
        Files.writeString(
            folder.resolve("truth.csv"),
            "\uFEFF\"path\" , label\r\n\"a, b/c.jpg\",DOG\r\n\r\nd.jpg,wolf\r\n");

    LabelledPictures read = LabelledPictures.read(csv, LABELS);

    assertThat(read.pictures())
        .containsExactly(
            new LabelledPictures.Picture(folder.resolve("a, b/c.jpg"), "a, b/c.jpg", 0));
    assertThat(read.skipped()).extracting(LabelledPictures.Skipped::name).containsExactly("d.jpg");
  }

  /** Reading the truth opens no picture. */
  private static void picture(Path labelFolder) throws IOException {
    Files.createFile(Files.createDirectories(labelFolder).resolve("a.jpg"));
  }
}
