package dev.tagstream.model.text;

/**
 * Where the text tower reads a prompt's embedding, as Hugging Face's {@code CLIPTextTransformer}
 * chooses it: at the first end token. Configurations from before transformers 4.31 give the end
 * token as 2, which no prompt has; there it is the first of the highest ids.
 */
public final class PromptEnd {
  private static final int LEGACY_END_TOKEN = 2;

  private PromptEnd() {}

  /** A position in {@code ids}; 0 if they hold no end token. */
  public static int of(long[] ids, int eosTokenId) {
    return eosTokenId == LEGACY_END_TOKEN ? highest(ids) : first(ids, eosTokenId);
  }

  private static int highest(long[] ids) {
    int best = 0;
    for (int i = 1; i < ids.length; i++) {
      if (ids[i] > ids[best]) {
        best = i;
      }
    }
    return best;
  }

  private static int first(long[] ids, int token) {
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] == token) {
        return i;
      }
    }
    return 0;
  }
}
