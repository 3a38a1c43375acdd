package dev.tagstream.model.text;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.tagstream.model.checkpoint.CheckpointException;
import dev.tagstream.model.runtime.DjlSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The checkpoint's own tokenizer, run by Hugging Face's tokenizers library.
 *
 * <p>Thread-safe: the library's tokenizer is immutable once built.
 */
public final class ClipTokenizer implements AutoCloseable {
  private static final long MAX_BYTES = 64 << 20;

  private final HuggingFaceTokenizer tokenizer;
  private final int vocabularySize;

  private ClipTokenizer(HuggingFaceTokenizer tokenizer, int vocabularySize) {
    this.tokenizer = tokenizer;
    this.vocabularySize = vocabularySize;
  }

  /**
   * Reads a tokenizer.
   *
   * @param file {@code tokenizer.json}, or {@code vocab.json} with {@code merges.txt} beside it
   * @param contextLength most ids of a prompt, special tokens included; longer prompts lose their
   *     end but keep both special tokens
   * @param vocabularySize number of ids that the model has an embedding for
   * @throws CheckpointException if the file is not a tokenizer
   */
  public static ClipTokenizer load(Path file, int contextLength, int vocabularySize) {
    refuseHuge(file);
    DjlSettings.apply();
    String length = Integer.toString(contextLength);
    Map<String, String> options =
        Map.of(
            "addSpecialTokens", "true",
            "truncation", "true",
            "padding", "false",
            "maxLength", length,
            "modelMaxLength", length);
    try {
      return new ClipTokenizer(tokenizer(file, options), vocabularySize);
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new CheckpointException("tokenizer.json cannot be used: " + e.getMessage(), e);
    }
  }

  private static HuggingFaceTokenizer tokenizer(Path file, Map<String, String> options)
      throws IOException {
    if (!file.endsWith(VocabularyFiles.VOCABULARY)) {
      return HuggingFaceTokenizer.newInstance(file, options);
    }
    byte[] json = VocabularyFiles.toTokenizerJson(file).getBytes(StandardCharsets.UTF_8);
    return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
  }

  static void refuseHuge(Path file) {
    try {
      long bytes = Files.size(file);
      if (bytes > MAX_BYTES) {
        throw new CheckpointException(
            file.getFileName() + " has " + bytes + " bytes; those of CLIP have some millions.");
      }
    } catch (IOException e) {
      throw new CheckpointException(file.getFileName() + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * The ids of each prompt, from start token to end token.
   *
   * @throws CheckpointException if the tokenizer gives an id that the model has no embedding for
   */
  public List<long[]> encode(List<String> prompts) {
    List<long[]> result = new ArrayList<>(prompts.size());
    for (String prompt : prompts) {
      result.add(encode(prompt));
    }
    return result;
  }

  private long[] encode(String prompt) {
    Encoding encoding;
    try {
      encoding = tokenizer.encode(wellFormed(prompt));
    } catch (EngineException e) {
      throw new IllegalArgumentException("A prompt cannot be tokenized: " + e.getMessage(), e);
    }
    long[] ids = encoding.getIds();
    for (long id : ids) {
      if (id < 0 || id >= vocabularySize) {
        throw new CheckpointException(
            "tokenizer.json gives token id "
                + id
                + ", but by config.json the model has "
                + vocabularySize
                + " token embeddings: the two files belong to different checkpoints.");
      }
    }
    return ids;
  }

  /** Half a surrogate pair has no UTF-8 form, which the native library reads. */
  private static String wellFormed(String prompt) {
    StringBuilder result = null;
    for (int i = 0; i < prompt.length(); i++) {
      char unit = prompt.charAt(i);
      if (!Character.isSurrogate(unit)) {
        continue;
      }
      if (Character.isHighSurrogate(unit)
          && i + 1 < prompt.length()
          && Character.isLowSurrogate(prompt.charAt(i + 1))) {
        i++;
        continue;
      }
      result = result == null ? new StringBuilder(prompt) : result;
      result.setCharAt(i, '\uFFFD');
    }
    return result == null ? prompt : result.toString();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
