package dev.tagstream.topology.tagging;

/** Names of the topology's sinks, which say what an output is; its topic is configuration. */
public final class Sinks {
  public static final String EMBEDDINGS = "embeddings";
  public static final String LABELS = "labels";
  public static final String REJECTS = "rejects";

  private Sinks() {}
}
