package dev.tagstream.schemas;

/**
 * Names of the record headers that Tagstream adds to its results, so that a consumer can choose
 * records without decoding them. Values are UTF-8 text.
 */
public final class TagstreamHeaders {
  /** On embeddings and labels: {@link EmbeddingSpace#of}. */
  public static final String EMBEDDING_SPACE = "tagstream-embedding-space";

  /** On labels: name of the label set. */
  public static final String LABEL_SET = "tagstream-label-set";

  /** On labels: version of the label set. */
  public static final String LABEL_SET_VERSION = "tagstream-label-set-version";

  /** On rejects: name of the reason, such as {@code UNDECODABLE_IMAGE}. */
  public static final String REJECT_REASON = "tagstream-reject-reason";

  /** On every result: the event's record, {@code <topic>-<partition>@<offset>}. */
  public static final String ORIGIN = "tagstream-origin";

  private TagstreamHeaders() {}
}
