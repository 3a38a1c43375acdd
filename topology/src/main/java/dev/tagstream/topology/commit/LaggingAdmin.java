package dev.tagstream.topology.commit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Keeps Streams from purging repartition topics up to the offsets it believes committed: the
 * records after the lowered offsets will be read again after a crash.
 *
 * <p>A proxy rather than a {@code ForwardingAdmin}, which in 4.3.1 throws on the two methods that
 * Streams registers its metrics with.
 */
final class LaggingAdmin {

  private final Admin delegate;

  private LaggingAdmin(Admin delegate) {
    this.delegate = delegate;
  }

  static Admin around(Admin delegate) {
    LaggingAdmin lagging = new LaggingAdmin(delegate);
    return (Admin)
        Proxy.newProxyInstance(
            LaggingAdmin.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (proxy, method, arguments) -> lagging.invoke(method, arguments));
  }

  private @Nullable Object invoke(Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      if (arguments != null && method.getName().equals("deleteRecords")) {
        Object[] clamped = arguments.clone();
        clamped[0] = clamped(offsets(arguments[0]));
        return method.invoke(delegate, clamped);
      }
      return method.invoke(delegate, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  @SuppressWarnings("unchecked") // the first parameter of both forms of Admin.deleteRecords
  private static Map<TopicPartition, RecordsToDelete> offsets(Object argument) {
    return (Map<TopicPartition, RecordsToDelete>) argument;
  }

  /** A partition this thread has not committed is left out: nothing of it is known to be done. */
  static Map<TopicPartition, RecordsToDelete> clamped(
      Map<TopicPartition, RecordsToDelete> records) {
    StreamThreadRegistry registry = StreamThreadRegistry.current();
    Map<TopicPartition, RecordsToDelete> clamped = new HashMap<>();
    records.forEach(
        (partition, before) ->
            registry
                .lastCommitted(partition)
                .ifPresent(
                    committed ->
                        clamped.put(
                            partition,
                            RecordsToDelete.beforeOffset(
                                Math.min(before.beforeOffset(), committed)))));
    return clamped;
  }
}
