package dev.tagstream.schemas;

import dev.tagstream.events.ImageEmbedding;
import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.ImageLabels;
import dev.tagstream.events.LabelSet;
import dev.tagstream.events.RejectedImage;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaUtils;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.apache.avro.SchemaFormatter;
import org.apache.avro.specific.SpecificRecord;

/** The records that are the value of a topic, each with a subject of its own in the registry. */
public enum TopicRecord {
  /** A picture to be tagged. */
  IMAGE_EVENT("image-events", new ImageEvent()),
  /** The embedding of a picture. */
  IMAGE_EMBEDDING("image-embeddings", new ImageEmbedding()),
  /** The labels of a picture by one label set. */
  IMAGE_LABELS("image-labels", new ImageLabels()),
  /** An event without results, and why. */
  REJECTED_IMAGE("image-rejects", new RejectedImage()),
  /** The labels that pictures are tagged with. */
  LABEL_SET("label-sets", new LabelSet());

  private final String defaultTopic;
  private final Class<? extends SpecificRecord> type;
  private final String schemaText;

  TopicRecord(String defaultTopic, SpecificRecord blank) {
    this.defaultTopic = defaultTopic;
    this.type = blank.getClass();
    boolean removeJavaProperties = true;
    this.schemaText =
        AvroSchemaUtils.getSchema(blank, false, false, removeJavaProperties).toString();
  }

  /** The topic's name where the configuration gives no other. */
  public String defaultTopic() {
    return defaultTopic;
  }

  /** The generated class. */
  public Class<? extends SpecificRecord> type() {
    return type;
  }

  /** The record's name without its namespace, such as {@code ImageEvent}. */
  public String recordName() {
    return type.getSimpleName();
  }

  /**
   * The schema as it stands in the registry: one JSON text, complete in itself, without the
   * properties that only Java's code generator reads.
   */
  public String schemaText() {
    return schemaText;
  }

  /** The same schema, indented for people. */
  public String schemaTextIndented() {
    return SchemaFormatter.format("json/pretty", schema().rawSchema());
  }

  AvroSchema schema() {
    return new AvroSchema(schemaText);
  }

  /** Every record with its default topic. */
  public static Map<TopicRecord, String> defaultTopics() {
    EnumMap<TopicRecord, String> topics = new EnumMap<>(TopicRecord.class);
    for (TopicRecord record : values()) {
      topics.put(record, record.defaultTopic);
    }
    return Collections.unmodifiableMap(topics);
  }

  /**
   * The subject of a topic's values by Confluent's {@code TopicNameStrategy}: {@code
   * <topic>-value}.
   */
  public static String subject(String topic) {
    return topic + "-value";
  }

  static TopicRecord of(Class<? extends SpecificRecord> type) {
    for (TopicRecord record : values()) {
      if (record.type == type) {
        return record;
      }
    }
    throw new IllegalArgumentException(type.getName() + " is not the value of a topic");
  }
}
