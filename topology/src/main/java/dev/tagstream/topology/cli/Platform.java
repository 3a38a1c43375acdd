package dev.tagstream.topology.cli;

import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.topology.config.ClientSettings;
import dev.tagstream.topology.config.TagstreamConfig;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** The brokers and the schema registry of a configuration. */
final class Platform {

  private Platform() {}

  /**
   * The registry's codecs, once a broker has answered: publishers and consumers wait a minute for
   * one, too long for a person.
   *
   * @throws KafkaException if no broker answers, or refuses this client
   */
  static AvroCodecs connect(TagstreamConfig config) {
    try (Admin admin = Admin.create(ClientSettings.admin(config))) {
      var unused = admin.describeCluster().clusterId().get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
    return AvroCodecs.connect(config.registry().client());
  }
}
