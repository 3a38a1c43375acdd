package dev.tagstream.schemas;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Compares this version's schemas with those that records may already have been written with, or
 * that consumers may have been built against. The bar is FULL_TRANSITIVE: either side reads what
 * the other wrote, for every earlier schema and not only the latest.
 */
public final class SchemaCompatibility {
  private SchemaCompatibility() {}

  /** Compares every record with every release that this build carries. Needs no registry. */
  public static List<CompatibilityFinding> againstReleases() {
    List<CompatibilityFinding> findings = new ArrayList<>();
    for (String version : Releases.versions()) {
      for (TopicRecord record : TopicRecord.values()) {
        Releases.schema(version, record)
            .ifPresent(
                released ->
                    findings.add(
                        new CompatibilityFinding(
                            record,
                            "release " + version,
                            Incompatibilities.between(record.schema(), released))));
      }
    }
    return findings;
  }

  /**
   * Compares every record with every version under its topic's subject, whatever level the registry
   * is configured for. A subject that does not exist yet has no findings.
   *
   * @param topics the topic of each record to be compared
   * @throws RegistryUnavailableException if the registry cannot be asked
   */
  public static List<CompatibilityFinding> againstRegistry(
      RegistryConfig config, Map<TopicRecord, String> topics) {
    try (RegistrySession registry = RegistrySession.open(config)) {
      return againstRegistry(registry, topics);
    }
  }

  static List<CompatibilityFinding> againstRegistry(
      RegistrySession registry, Map<TopicRecord, String> topics) {
    List<CompatibilityFinding> findings = new ArrayList<>();
    topics.forEach(
        (record, topic) -> {
          String subject = TopicRecord.subject(topic);
          for (RegistrySession.Version version : registry.versions(subject)) {
            findings.add(
                new CompatibilityFinding(
                    record,
                    subject + " version " + version.number(),
                    Incompatibilities.between(record.schema(), version.schema())));
          }
        });
    return findings;
  }
}
