package dev.tagstream.schemas;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts this version's schemas into the registry, as a step of deployment. */
public final class SchemaRegistration {
  private static final String LEVEL = "FULL_TRANSITIVE";

  private SchemaRegistration() {}

  /** What became of one schema. */
  public enum Outcome {
    /** It is a new version of its subject. */
    REGISTERED,
    /** It was there already. */
    UNCHANGED,
    /** It may not follow an earlier version, and nothing at all was registered. */
    INCOMPATIBLE,
    /** Nothing is wrong with it, but another record was incompatible. */
    NOT_ATTEMPTED
  }

  /**
   * What became of one record's schema.
   *
   * @param id the schema's id in the registry; 0 unless registered or unchanged
   * @param problems why it is incompatible, a sentence each; empty otherwise
   */
  public record Registration(
      TopicRecord record, String subject, Outcome outcome, int id, List<String> problems) {

    public Registration {
      problems = List.copyOf(problems);
    }
  }

  /**
   * Registers the schema of each record under its topic's subject, and sets the subject's level to
   * FULL_TRANSITIVE where another one holds. All records are compared with all earlier versions
   * first: if one of them is incompatible, the registry is left as it was. Doing it again changes
   * nothing.
   *
   * @param topics the topic of each record to be registered
   * @return one result per record, in the order of the map
   * @throws RegistryUnavailableException if the registry cannot be asked, or refuses
   */
  public static List<Registration> register(
      RegistryConfig config, Map<TopicRecord, String> topics) {
    try (RegistrySession registry = RegistrySession.open(config)) {
      List<CompatibilityFinding> problems =
          SchemaCompatibility.againstRegistry(registry, topics).stream()
              .filter(finding -> !finding.compatible())
              .toList();
      List<Registration> results = new ArrayList<>();
      topics.forEach(
          (record, topic) ->
              results.add(
                  problems.isEmpty()
                      ? register(registry, record, TopicRecord.subject(topic))
                      : refused(record, TopicRecord.subject(topic), problems)));
      return results;
    }
  }

  private static Registration register(
      RegistrySession registry, TopicRecord record, String subject) {
    Optional<Integer> present = registry.id(subject, record.schema());
    Optional<Integer> id =
        present.isPresent() ? present : registry.register(subject, record.schema());
    if (id.isEmpty()) {
      String problem = "The registry refuses it under rules of its own";
      return new Registration(record, subject, Outcome.INCOMPATIBLE, 0, List.of(problem));
    }
    // Afterwards, because not every registry has a level for a subject that does not exist yet.
    if (!registry.level(subject).equals(LEVEL)) {
      registry.setLevel(subject, LEVEL);
    }
    Outcome outcome = present.isPresent() ? Outcome.UNCHANGED : Outcome.REGISTERED;
    return new Registration(record, subject, outcome, id.get(), List.of());
  }

  private static Registration refused(
      TopicRecord record, String subject, List<CompatibilityFinding> problems) {
    List<String> own =
        problems.stream()
            .filter(finding -> finding.record() == record)
            .flatMap(
                finding ->
                    finding.problems().stream().map(problem -> finding.against() + ": " + problem))
            .toList();
    return new Registration(
        record, subject, own.isEmpty() ? Outcome.NOT_ATTEMPTED : Outcome.INCOMPATIBLE, 0, own);
  }

  /**
   * The subjects that lack this version's schema, so that an application can refuse to start rather
   * than fail at its first record.
   *
   * @throws RegistryUnavailableException if the registry cannot be asked
   */
  public static List<String> missing(RegistryConfig config, Map<TopicRecord, String> topics) {
    try (RegistrySession registry = RegistrySession.open(config)) {
      List<String> missing = new ArrayList<>();
      topics.forEach(
          (record, topic) -> {
            String subject = TopicRecord.subject(topic);
            if (registry.id(subject, record.schema()).isEmpty()) {
              missing.add(subject);
            }
          });
      return missing;
    }
  }
}
