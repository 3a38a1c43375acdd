package dev.tagstream.model.text;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A vocabulary in the manner of CLIP's tokenizer: every byte as a token, every byte as the last
 * token of a word, then one token for each merge (byte-level BPE, as in OpenAI's GPT-2 and CLIP).
 *
 * @param merges pairs of tokens, each "left right", the most important first; may be empty, so that
 *     every byte is a token
 * @param startTokenId of the token that begins every prompt
 * @param endTokenId of the token that ends every prompt
 */
public record ByteLevelVocabulary(List<String> merges, int startTokenId, int endTokenId) {
  private static final String END_OF_WORD = "</w>";
  static final String START = "<|startoftext|>";
  static final String END = "<|endoftext|>";

  /** CLIP's words: contractions, runs of letters, single digits, runs of anything else. */
  private static final String WORDS =
      "<\\|startoftext\\|>|<\\|endoftext\\|>"
          + "|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

  public ByteLevelVocabulary {
    merges = List.copyOf(merges);
  }

  /** How many ids the bytes and merges take, without the two special tokens. */
  public int ordinaryTokens() {
    return 512 + merges.size();
  }

  /** The contents of a {@code tokenizer.json} for Hugging Face's tokenizers library. */
  public String toTokenizerJson() {
    Map<String, Object> tokenizer = new LinkedHashMap<>();
    tokenizer.put("version", "1.0");
    tokenizer.put("truncation", null);
    tokenizer.put("padding", null);
    tokenizer.put(
        "added_tokens", List.of(specialToken(START, startTokenId), specialToken(END, endTokenId)));
    tokenizer.put("normalizer", normalizer());
    tokenizer.put("pre_tokenizer", preTokenizer());
    tokenizer.put(
        "post_processor",
        Map.of(
            "type",
            "RobertaProcessing",
            "cls",
            List.of(START, startTokenId),
            "sep",
            List.of(END, endTokenId),
            "trim_offsets",
            false,
            "add_prefix_space",
            false));
    tokenizer.put("decoder", byteLevel());
    tokenizer.put("model", model());
    return JsonMapper.builder().build().valueToTree(tokenizer).toString();
  }

  private static Map<String, Object> specialToken(String content, int id) {
    Map<String, Object> token = new LinkedHashMap<>();
    token.put("id", id);
    token.put("content", content);
    for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
      token.put(flag, false);
    }
    token.put("special", true);
    return token;
  }

  private static Map<String, Object> normalizer() {
    return Map.of(
        "type",
        "Sequence",
        "normalizers",
        List.of(
            Map.of("type", "NFC"),
            Map.of("type", "Replace", "pattern", Map.of("Regex", "\\s+"), "content", " "),
            Map.of("type", "Lowercase")));
  }

  private static Map<String, Object> preTokenizer() {
    Map<String, Object> split =
        Map.of(
            "type",
            "Split",
            "pattern",
            Map.of("Regex", WORDS),
            "behavior",
            "Removed",
            "invert",
            true);
    return Map.of("type", "Sequence", "pretokenizers", List.of(split, byteLevel()));
  }

  private static Map<String, Object> byteLevel() {
    return Map.of(
        "type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", true);
  }

  private Map<String, Object> model() {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("type", "BPE");
    model.put("dropout", null);
    model.put("unk_token", END);
    model.put("continuing_subword_prefix", "");
    model.put("end_of_word_suffix", END_OF_WORD);
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.put("ignore_merges", false);
    model.put("vocab", ids());
    model.put("merges", merges);
    return model;
  }

  /** Every token's id. */
  Map<String, Integer> ids() {
    Map<String, Integer> ids = new LinkedHashMap<>();
    List<String> bytes = byteTokens();
    bytes.forEach(token -> ids.put(token, ids.size()));
    bytes.forEach(token -> ids.put(token + END_OF_WORD, ids.size()));
    for (String merge : merges) {
      ids.put(merge.replace(" ", ""), ids.size());
    }
    ids.put(START, startTokenId);
    ids.put(END, endTokenId);
    return ids;
  }

  /**
   * A printable character for each byte, in the order of GPT-2's table: bytes that Latin-1 prints
   * stand for themselves and come first, the others take the characters from U+0100 on.
   */
  private static List<String> byteTokens() {
    List<String> printable = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (int value = 0; value < 256; value++) {
      boolean prints = (value > ' ' && value < 0x7f) || (value > 0xa0 && value != 0xad);
      if (prints) {
        printable.add(Character.toString(value));
      } else {
        others.add(Character.toString(0x100 + others.size()));
      }
    }
    printable.addAll(others);
    return printable;
  }
}
