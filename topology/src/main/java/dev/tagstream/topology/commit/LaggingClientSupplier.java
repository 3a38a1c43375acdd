package dev.tagstream.topology.commit;

import dev.tagstream.topology.commit.LaggingCommit.Lowering;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** Creates the three clients that lower offsets, and plain ones for everything else. */
final class LaggingClientSupplier implements KafkaClientSupplier {

  private final Lowering lowering;

  LaggingClientSupplier(Lowering lowering) {
    this.lowering = lowering;
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    Admin admin = Admin.create(config);
    return lowering == Lowering.ON ? LaggingAdmin.around(admin) : admin;
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new LaggingProducer(config, lowering);
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return new LaggingConsumer(config, lowering);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return plainConsumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return plainConsumer(config);
  }

  private static Consumer<byte[], byte[]> plainConsumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
