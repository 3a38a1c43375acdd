package dev.tagstream.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tagstream.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Token ids with CLIP's full vocabulary; {@code src/test/python/make_token_golden.py} asked
 * transformers for the expected ones.
 */
class ClipTokenizerTest {
  private static final int START = 49406;
  private static final int END = 49407;

  @TempDir private static Path folder;
  private static ClipTokenizer tokenizer;

  @BeforeAll
  static void load() throws IOException {
    List<String> merges =
        new String(resource("clip-merges.txt.gz"), StandardCharsets.UTF_8).lines().toList();
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, new ByteLevelVocabulary(merges, START, END).toTokenizerJson());
    tokenizer = ClipTokenizer.load(file, 77, 49408);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void idsOf500AwkwardStringsEqualThoseOfTransformers() throws IOException {
    JsonNode golden = new JsonMapper().readTree(resource("awkward-strings.json.gz"));
    List<String> strings = new ArrayList<>();
    golden.path("strings").forEach(string -> strings.add(string.textValue()));
    assertThat(strings).hasSize(500);

    List<long[]> actual = tokenizer.encode(strings);

    for (int i = 0; i < strings.size(); i++) {
      List<Long> expected = new ArrayList<>();
      golden.path("ids").path(i).forEach(id -> expected.add(id.longValue()));
      assertThat(actual.get(i))
          .as("ids of \"%s\"", strings.get(i))
          .containsExactly(expected.toArray(Long[]::new));
    }
  }

  @Test
  void idsOfPromptsEqualThoseOfOpenClip() throws IOException {
    JsonNode golden = new JsonMapper().readTree(resource("open-clip-prompts.json.gz"));
    assertThat(golden).hasSizeGreaterThan(100);

    for (JsonNode prompt : golden) {
      List<Long> expected = new ArrayList<>();
      prompt.path("ids").forEach(id -> expected.add(id.longValue()));
      assertThat(ids(prompt.path("text").textValue()))
          .as("ids of \"%s\"", prompt.path("text").textValue())
          .containsExactly(expected.toArray(Long[]::new));
    }
  }

  @Test
  void vocabularyAndMergesGiveTheSameIdsAsTheTokenizerFile() throws IOException {
    Path vocabulary = writeVocabulary("#version: 0.2");

    try (ClipTokenizer older = ClipTokenizer.load(vocabulary, 77, 49408)) {
      List<String> prompts = List.of("a photo of a cat", "Two  dogs, running!", "\u00e9t\u00e9 7");
      for (String prompt : prompts) {
        assertThat(older.encode(List.of(prompt)).get(0)).isEqualTo(ids(prompt));
      }
    }
  }

  @Test
  void aVocabularyThatIsNotNumberedAsClipsIsRefused() throws IOException {
    Path vocabulary = writeVocabulary("x y");

    assertThatThrownBy(() -> ClipTokenizer.load(vocabulary, 77, 49408))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("vocab.json does not number the tokens of merges.txt as CLIP does");
  }

  /** As OpenAI's checkpoints have them, the merges after another first line. */
  private static Path writeVocabulary(String firstLine) throws IOException {
    List<String> merges =
        new String(resource("clip-merges.txt.gz"), StandardCharsets.UTF_8).lines().toList();
    Path older = Files.createDirectories(folder.resolve("older"));
    Path vocabulary = older.resolve("vocab.json");
    new JsonMapper()
        .writeValue(vocabulary.toFile(), new ByteLevelVocabulary(merges, START, END).ids());
    Files.writeString(
        older.resolve("merges.txt"), firstLine + "\n" + String.join("\n", merges) + "\n");
    return vocabulary;
  }

  @Test
  void aPromptStandsBetweenStartAndEnd() {
    assertThat(ids("a photo of a cat")).containsExactly(START, 320, 1125, 539, 320, 2368, END);
  }

  @Test
  void aPromptBeyondTheContextLosesItsEndButNotTheEndToken() {
    assertThat(ids("cat ".repeat(200))).hasSize(77).startsWith(START, 2368).endsWith(2368, END);
  }

  @Test
  void halfASurrogatePairIsReadAsTheReplacementCharacter() {
    assertThat(ids("a\uD83Db")).isEqualTo(ids("a\uFFFDb"));
    assertThat(ids("\uDE00")).isEqualTo(ids("\uFFFD"));
    assertThat(ids("\uD83D\uDE00")).isNotEqualTo(ids("\uFFFD\uFFFD"));
  }

  @Test
  void anIdThatTheModelHasNoEmbeddingForIsRefused() {
    ClipTokenizer smallModel = ClipTokenizer.load(folder.resolve("tokenizer.json"), 77, 1000);

    assertThatThrownBy(() -> smallModel.encode(List.of("cat")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("token id 49406")
        .hasMessageContaining("1000 token embeddings");
    smallModel.close();
  }

  @Test
  void aFileThatIsNoTokenizerIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("other.json"), "{\"version\": \"1.0\"}");

    assertThatThrownBy(() -> ClipTokenizer.load(file, 77, 49408))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("tokenizer.json cannot be used");
  }

  private static long[] ids(String prompt) {
    return tokenizer.encode(List.of(prompt)).get(0);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ClipTokenizerTest.class.getResourceAsStream(name)) {
      return new GZIPInputStream(Objects.requireNonNull(in, name)).readAllBytes();
    }
  }
}
