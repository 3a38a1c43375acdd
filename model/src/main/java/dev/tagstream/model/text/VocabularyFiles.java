package dev.tagstream.model.text;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagstream.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code vocab.json} and {@code merges.txt}, in which checkpoints had their tokenizer before
 * there was {@code tokenizer.json}. The two do not say how a text is cut into words, so they are
 * taken only where they hold a vocabulary in CLIP's manner, whose words are known.
 */
final class VocabularyFiles {
  static final String VOCABULARY = "vocab.json";
  static final String MERGES = "merges.txt";
  private static final String COMMENT = "#version";

  private VocabularyFiles() {}

  /**
   * The same tokenizer as a {@code tokenizer.json}.
   *
   * @throws CheckpointException if they are damaged or not CLIP's
   */
  static String toTokenizerJson(Path vocabularyFile) {
    ClipTokenizer.refuseHuge(vocabularyFile);
    Path mergesFile = vocabularyFile.resolveSibling(MERGES);
    ClipTokenizer.refuseHuge(mergesFile);
    try {
      Map<String, Integer> ids =
          JsonMapper.builder().build().readValue(vocabularyFile.toFile(), new TypeReference<>() {});
      List<String> lines = Files.readAllLines(mergesFile);
      boolean comment = !lines.isEmpty() && lines.get(0).startsWith(COMMENT);
      List<String> merges =
          lines.stream().skip(comment ? 1 : 0).filter(line -> !line.isBlank()).toList();
      Integer start = ids.get(ByteLevelVocabulary.START);
      Integer end = ids.get(ByteLevelVocabulary.END);
      if (start != null && end != null) {
        ByteLevelVocabulary vocabulary = new ByteLevelVocabulary(merges, start, end);
        if (vocabulary.ids().equals(ids)) {
          return vocabulary.toTokenizerJson();
        }
      }
    } catch (JacksonException e) {
      throw new CheckpointException(
          VOCABULARY + " does not map tokens to numbers: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CheckpointException(
          VOCABULARY + " and " + MERGES + " cannot be read: " + e.getMessage(), e);
    }
    throw new CheckpointException(
        VOCABULARY
            + " does not number the tokens of "
            + MERGES
            + " as CLIP does: save the tokenizer with a current release of transformers, which"
            + " writes tokenizer.json.");
  }
}
