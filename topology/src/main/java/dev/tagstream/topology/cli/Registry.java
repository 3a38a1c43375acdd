package dev.tagstream.topology.cli;

import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.schemas.TopicRecord;
import dev.tagstream.topology.config.TagstreamConfig;
import java.util.EnumMap;
import java.util.Map;

/** The schema registry of a configuration. */
final class Registry {

  private Registry() {}

  static AvroCodecs codecs(TagstreamConfig config) {
    return AvroCodecs.connect(config.registry().client());
  }

  /** The topic of each record. */
  static Map<TopicRecord, String> topics(TagstreamConfig config) {
    TagstreamConfig.Topics topics = config.topics();
    return new EnumMap<>(
        Map.of(
            TopicRecord.IMAGE_EVENT, topics.events(),
            TopicRecord.IMAGE_EMBEDDING, topics.embeddings(),
            TopicRecord.IMAGE_LABELS, topics.labels(),
            TopicRecord.REJECTED_IMAGE, topics.rejects(),
            TopicRecord.LABEL_SET, topics.labelSets()));
  }
}
