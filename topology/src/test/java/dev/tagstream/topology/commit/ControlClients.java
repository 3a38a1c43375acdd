package dev.tagstream.topology.commit;

import org.apache.kafka.streams.KafkaClientSupplier;

/** For controls: the same clients with lowering switched off, which no configuration can do. */
public final class ControlClients {

  private ControlClients() {}

  public static KafkaClientSupplier withoutLowering() {
    return LaggingCommit.clientSupplier(LaggingCommit.Lowering.OFF);
  }
}
