package dev.tagstream.topology.admin;

import dev.tagstream.topology.config.ClientSettings;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.web.Readiness.Group;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** How many members of the application's consumer group share how many partitions. */
public final class GroupMembers {
  private static final String STREAMS_PROTOCOL = "streams";

  private GroupMembers() {}

  /**
   * Asks the brokers, over a connection of its own; blocks.
   *
   * @throws ExecutionException if they do not answer, or do not permit it
   */
  public static Group ask(TagstreamConfig config) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(ClientSettings.admin(config))) {
      TopicDescription events =
          only(admin.describeTopics(List.of(config.topics().events())).allTopicNames().get());
      return new Group(members(admin, config), events.partitions().size());
    }
  }

  private static int members(Admin admin, TagstreamConfig config)
      throws ExecutionException, InterruptedException {
    List<String> group = List.of(config.application().id());
    String protocol = config.kafka().get(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
    return STREAMS_PROTOCOL.equalsIgnoreCase(protocol)
        ? only(admin.describeStreamsGroups(group).all().get()).members().size()
        : only(admin.describeConsumerGroups(group).all().get()).members().size();
  }

  private static <T> T only(Map<String, T> byName) {
    return byName.values().iterator().next();
  }
}
