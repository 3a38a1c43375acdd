package dev.tagstream.topology.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.model.ClipModel;
import dev.tagstream.model.ModelOptions;
import dev.tagstream.model.StarterModel;
import dev.tagstream.model.label.LabelCompiler;
import dev.tagstream.model.label.LabelMatrix;
import dev.tagstream.model.label.LabelSet;
import dev.tagstream.model.label.ScoredLabel;
import dev.tagstream.topology.demo.DemoPictures.Picture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StarterModelOnDemoPicturesTest {
  @Test
  void theTopLabelIsRightForAtLeastFiveOfSixPictures() throws Exception {
    List<Picture> pictures = DemoPictures.all();
    List<String> wrong = new ArrayList<>();
    try (ClipModel clip = ClipModel.load(StarterModel.folder(), ModelOptions.defaults())) {
      LabelMatrix labels =
          new LabelCompiler(clip::embedTexts, clip.checkpoint().logitScale(), LabelSet.MAX_TEXTS)
              .compile(DemoPictures.labelSet());
      for (Picture picture : pictures) {
        ScoredLabel top = labels.score(clip.embedImage(picture.bytes())).get(0);
        if (!top.name().equals(picture.word())) {
          wrong.add(picture.file() + " is taken for " + top.name());
        }
      }
    }

    int right = pictures.size() - wrong.size();
    assertThat(6 * right)
        .as("%d of %d are right; wrong: %s", right, pictures.size(), wrong)
        .isGreaterThanOrEqualTo(5 * pictures.size());
  }
}
