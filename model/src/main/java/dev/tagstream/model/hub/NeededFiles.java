package dev.tagstream.model.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which files of a repository a checkpoint is: its configuration, its tokenizer, its card and its
 * licence, and one form of its weights. A repository often has the same weights for three
 * frameworks; only those that load fastest and safest are fetched.
 */
final class NeededFiles {
  /** Everything but weights: no such file is larger in any CLIP there is. */
  private static final long MAX_SMALL_BYTES = 64L << 20;

  private static final Set<String> SMALL =
      Set.of(
          "config.json",
          "open_clip_config.json",
          "preprocessor_config.json",
          "processor_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.json",
          "merges.txt",
          "README.md",
          "LICENSE",
          "LICENSE.md",
          "LICENSE.txt",
          "NOTICE",
          "NOTICE.txt",
          "NOTICE.md");

  /** Best first: mapped as they lie before those inside an archive, whole before split. */
  private static final List<Weights> WEIGHTS =
      List.of(
          new Weights("config.json", "model.safetensors"),
          new Weights(
              "config.json",
              "model.safetensors.index.json",
              "model-[0-9]{5}-of-[0-9]{5}\\.safetensors"),
          new Weights("open_clip_config.json", "open_clip_model.safetensors"),
          new Weights("config.json", "pytorch_model.bin"),
          new Weights(
              "config.json",
              "pytorch_model.bin.index.json",
              "pytorch_model-[0-9]{5}-of-[0-9]{5}\\.bin"),
          new Weights("open_clip_config.json", "open_clip_pytorch_model.bin"));

  /** A form of weights, the configuration it goes with, and the pattern of its further files. */
  private record Weights(String config, String file, Pattern parts) {
    Weights(String config, String file) {
      this(config, file, "(?!)");
    }

    Weights(String config, String file, String parts) {
      this(config, file, Pattern.compile(parts));
    }

    List<HubFile> of(List<HubFile> files) {
      if (!hasFile(files, config) || !hasFile(files, file)) {
        return List.of();
      }
      return files.stream()
          .filter(f -> f.path().equals(file) || parts.matcher(f.path()).matches())
          .map(f -> isWeights(f.path()) ? f : requireSmall(f))
          .toList();
    }
  }

  private NeededFiles() {}

  /**
   * The files to fetch, small ones first, so that what cannot work fails early.
   *
   * @throws HubException if the repository holds no weights of a known form
   */
  static List<HubFile> of(ModelReference model, HubRecord record) {
    List<HubFile> weights =
        WEIGHTS.stream()
            .map(form -> form.of(record.files()))
            .filter(Predicate.not(List::isEmpty))
            .findFirst()
            .orElseThrow(() -> noWeights(model, record));
    List<HubFile> needed = new ArrayList<>();
    for (HubFile file : record.files()) {
      if (SMALL.contains(file.path())) {
        needed.add(requireSmall(file));
      }
    }
    needed.addAll(weights);
    if (needed.stream().map(HubFile::path).distinct().count() != needed.size()) {
      throw new HubException(
          "The hub's record of %s names a file twice; nothing was fetched.".formatted(model));
    }
    return needed;
  }

  /** Whether a file of a pulled model holds weights. */
  static boolean isWeights(String path) {
    return path.endsWith(".safetensors") || path.endsWith(".bin");
  }

  /** Whether a loader might take a file of this name. */
  static boolean isPartOfACheckpoint(String name) {
    return isWeights(name) || name.endsWith(".index.json") || SMALL.contains(name);
  }

  private static HubFile requireSmall(HubFile file) {
    if (file.size() > MAX_SMALL_BYTES) {
      throw new HubException(
          "The hub's record says that %s has %d bytes; such a file has at most %d. Nothing was fetched."
              .formatted(file.path(), file.size(), MAX_SMALL_BYTES));
    }
    return file;
  }

  private static boolean hasFile(List<HubFile> files, String path) {
    return files.stream().anyMatch(file -> file.path().equals(path));
  }

  private static HubException noWeights(ModelReference model, HubRecord record) {
    List<String> there =
        record.files().stream()
            .map(HubFile::path)
            .filter(path -> !path.contains("/"))
            .limit(30)
            .toList();
    List<String> wanted =
        WEIGHTS.stream().flatMap(form -> Stream.of(form.file())).distinct().toList();
    return new HubException(
        "%s is no CLIP checkpoint that Tagstream knows: it needs config.json or open_clip_config.json with one of %s, and has %s."
            .formatted(
                model,
                String.join(", ", wanted),
                there.isEmpty() ? "no files" : String.join(", ", there)));
  }
}
