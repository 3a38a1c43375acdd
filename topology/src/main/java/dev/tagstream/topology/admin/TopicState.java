package dev.tagstream.topology.admin;

/**
 * A topic as it is on the broker.
 *
 * @param replication copies of the partition that has fewest
 * @param retentionMs -1 for unlimited
 * @param cleanupPolicy {@code delete}, {@code compact} or both
 */
public record TopicState(
    TopicPlan plan,
    int partitions,
    int replication,
    long maxMessageBytes,
    long retentionMs,
    String cleanupPolicy,
    int minInSyncReplicas,
    String compression) {}
