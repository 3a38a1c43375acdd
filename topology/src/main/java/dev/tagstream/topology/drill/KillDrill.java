package dev.tagstream.topology.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Kills instances of an application at random while events are in flight, and counts every result
 * by its origin.
 *
 * <p>The events are published in as many portions as there are kills, and one more. A portion is
 * published when all instances have joined; a random one of them is killed at a random point in the
 * first half of the portion's results, so that others are in flight, and started again. In the end
 * the drill waits until the group has committed the whole input and no transaction is open, so that
 * a missing result is lost and not late.
 */
public final class KillDrill {

  private static final int LONGEST_DELAY_MILLIS = 120;

  private final KillDrillOptions options;
  private final DrillProgress progress;
  private final DrillTopics topics;
  private final List<ChildInstance> instances = new ArrayList<>();
  private final Random random;
  private int kills;

  private KillDrill(KillDrillOptions options, DrillProgress progress, DrillTopics topics) {
    this.options = options;
    this.progress = progress;
    this.topics = topics;
    this.random = new Random(options.seed());
  }

  /**
   * Runs a drill; blocks until it is over. The topics exist and are empty, the group is new.
   *
   * @throws DrillException if an instance ends by itself, or nothing moves for {@link
   *     KillDrillOptions#patience}
   */
  public static KillReport run(
      KillDrillOptions options,
      DrilledApplication application,
      String bootstrapServers,
      DrillProgress progress) {
    try (DrillTopics topics = new DrillTopics(application, bootstrapServers)) {
      KillDrill drill = new KillDrill(options, progress, topics);
      try {
        for (int i = 0; i < options.instances(); i++) {
          drill.instances.add(
              new ChildInstance(
                  application.command(i), options.logFolder().resolve("instance-" + i + ".log")));
        }
        return drill.run();
      } finally {
        drill.instances.forEach(ChildInstance::close);
      }
    }
  }

  private KillReport run() {
    int portions = options.kills() + 1;
    for (int portion = 0; portion < portions; portion++) {
      int newMembers = portion == 0 ? 0 : options.threads();
      await(
          "all instances to join",
          () -> topics.joined(options.instances() * options.threads(), newMembers));
      progress.joined(options.instances());
      int from = (int) ((long) options.events() * portion / portions);
      int to = (int) ((long) options.events() * (portion + 1) / portions);
      int finishedBefore = topics.tally().finished();
      topics.publish(from, to);
      if (portion < options.kills()) {
        int point = finishedBefore + 1 + random.nextInt(Math.max(1, (to - from) / 2));
        await("results of portion " + portion, () -> topics.tally().finished() >= point);
        letAWhilePass();
        killOne();
      }
    }
    await("the end of the input", topics::settled);
    return topics.report(kills);
  }

  /** Results are seen just after a commit; without this, every kill would fall right behind one. */
  private void letAWhilePass() {
    try {
      TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_DELAY_MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DrillException("Interrupted", e);
    }
  }

  private void killOne() {
    int victim = random.nextInt(instances.size());
    ChildInstance instance = instances.get(victim);
    long pid = instance.pid();
    instance.kill();
    kills++;
    progress.killed(kills, victim, pid, topics.tally().results());
    instance.restart();
  }

  /** Reads results until the condition holds. */
  private void await(String what, BooleanSupplier condition) {
    long lastChange = System.nanoTime();
    long seen = topics.tally().results();
    while (!condition.getAsBoolean()) {
      instances.forEach(ChildInstance::checkAlive);
      topics.read();
      if (topics.tally().results() != seen) {
        seen = topics.tally().results();
        lastChange = System.nanoTime();
        progress.results(seen, topics.published());
      } else if (System.nanoTime() - lastChange > options.patience().toNanos()) {
        throw new DrillException(
            "Nothing moved for %s while waiting for %s: %d events published, %d results%n%s"
                .formatted(
                    options.patience(),
                    what,
                    topics.published(),
                    seen,
                    instances.get(0).logTail()));
      }
    }
  }
}
