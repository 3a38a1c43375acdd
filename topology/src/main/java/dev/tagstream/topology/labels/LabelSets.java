package dev.tagstream.topology.labels;

import dev.tagstream.model.label.LabelCompiler;
import dev.tagstream.model.label.LabelMatrix;
import dev.tagstream.model.label.LabelSet;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The label sets in force. A set put here replaces the configured one of the same name; removing it
 * brings the configured one back, as a restart with a compacted topic would.
 *
 * <p>Threading: one thread puts and removes (it pays for compiling); any thread reads.
 */
public final class LabelSets {
  /** Most sets in force: a bound on what the topic may make this process hold. */
  static final int MAX_SETS = 1_000;

  private static final int MAX_REMEMBERED_NAMES = 10_000;

  private final LabelCompiler compiler;
  private final Map<String, LabelMatrix> configured;
  private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
  private final UnknownNames unknownNames;
  private volatile LabelSnapshot snapshot;

  private record Waiter(Collection<String> names, CompletableFuture<Void> known) {}

  /** Compiles the configured sets at once. */
  public LabelSets(LabelCompiler compiler, Collection<LabelSet> configured) {
    this(compiler, configured, System::nanoTime);
  }

  LabelSets(LabelCompiler compiler, Collection<LabelSet> configured, LongSupplier nanoTime) {
    this.compiler = compiler;
    Map<String, LabelMatrix> compiled = new HashMap<>();
    configured.forEach(set -> compiled.put(set.name(), compiler.compile(set)));
    this.configured = Map.copyOf(compiled);
    this.snapshot = new LabelSnapshot(compiled);
    this.unknownNames = new UnknownNames(nanoTime);
  }

  /** What is in force now. */
  public LabelSnapshot current() {
    return snapshot;
  }

  /**
   * A snapshot that knows all the names, or, once the wait is over, whatever is in force then. The
   * wait counts from when a name was first asked for in vain: a publisher that keeps naming a set
   * that does not exist delays its first events only.
   */
  public CompletableFuture<LabelSnapshot> whenKnown(Collection<String> names, Duration wait) {
    LabelSnapshot now = snapshot;
    List<String> unknown = now.unknown(names);
    if (unknown.isEmpty()) {
      return CompletableFuture.completedFuture(now);
    }
    long nanos = unknownNames.remaining(unknown, wait.toNanos());
    if (nanos <= 0) {
      return CompletableFuture.completedFuture(now);
    }
    Waiter waiter = new Waiter(List.copyOf(names), new CompletableFuture<>());
    waiters.add(waiter);
    waiter.known.completeOnTimeout(null, nanos, TimeUnit.NANOSECONDS);
    // A set that came between the look above and the adding would otherwise be missed.
    wakeIfKnown(waiter);
    return waiter.known.thenApply(
        ignored -> {
          waiters.remove(waiter);
          return snapshot;
        });
  }

  /**
   * Compiles a set and puts it in force.
   *
   * @throws IllegalStateException if there are {@value #MAX_SETS} sets already
   */
  public void put(LabelSet set) {
    Map<String, LabelMatrix> next = new HashMap<>(snapshot.byName());
    if (!next.containsKey(set.name()) && next.size() >= MAX_SETS) {
      throw new IllegalStateException(
          "there are " + MAX_SETS + " label sets in force; delete one before adding another");
    }
    next.put(set.name(), compiler.compile(set));
    swap(next);
    unknownNames.forget(set.name());
  }

  /** Takes the set out of force, or puts the configured one of its name back. */
  public void remove(String name) {
    Map<String, LabelMatrix> next = new HashMap<>(snapshot.byName());
    LabelMatrix original = configured.get(name);
    if (original == null) {
      next.remove(name);
    } else {
      next.put(name, original);
    }
    swap(next);
  }

  private void swap(Map<String, LabelMatrix> next) {
    snapshot = new LabelSnapshot(next);
    waiters.forEach(this::wakeIfKnown);
  }

  private void wakeIfKnown(Waiter waiter) {
    if (snapshot.unknown(waiter.names).isEmpty()) {
      waiter.known.complete(null);
    }
  }

  /** Since when names have been asked for in vain; bounded, for names are the publishers'. */
  private static final class UnknownNames {
    private final LongSupplier nanoTime;
    private final Map<String, Long> since = new LinkedHashMap<>();

    UnknownNames(LongSupplier nanoTime) {
      this.nanoTime = nanoTime;
    }

    /** How much of the wait is left for the name that was asked for last. */
    synchronized long remaining(List<String> names, long waitNanos) {
      long now = nanoTime.getAsLong();
      long left = 0;
      for (String name : names) {
        left = Math.max(left, waitNanos - (now - since.computeIfAbsent(name, n -> now)));
      }
      while (since.size() > MAX_REMEMBERED_NAMES) {
        since.remove(since.keySet().iterator().next());
      }
      return left;
    }

    synchronized void forget(String name) {
      since.remove(name);
    }
  }
}
