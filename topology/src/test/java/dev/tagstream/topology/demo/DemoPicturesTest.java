package dev.tagstream.topology.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.model.image.ImageFormat;
import dev.tagstream.model.image.ImageLimits;
import dev.tagstream.model.image.ImagePreprocessor;
import dev.tagstream.model.image.PixelSpec;
import dev.tagstream.model.label.Label;
import dev.tagstream.topology.demo.DemoPictures.Picture;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DemoPicturesTest {

  @Test
  void everyFormatIsAmongAtLeast24PicturesThatDecode() throws Exception {
    ImagePreprocessor preprocessor =
        new ImagePreprocessor(PixelSpec.clip(64), ImageLimits.defaults(), true);
    Set<ImageFormat> formats = EnumSet.noneOf(ImageFormat.class);
    List<Picture> pictures = DemoPictures.all();
    for (Picture picture : pictures) {
      formats.add(preprocessor.prepare(picture.bytes()).format());
    }

    assertThat(pictures).hasSizeGreaterThanOrEqualTo(24);
    assertThat(formats).containsExactlyInAnyOrder(ImageFormat.values());
  }

  @Test
  void everyPictureShowsSomethingThatTheLabelSetHasAWordFor() {
    List<String> words = DemoPictures.labelSet().labels().stream().map(Label::name).toList();

    assertThat(DemoPictures.all()).extracting(Picture::word).isSubsetOf(words);
  }
}
