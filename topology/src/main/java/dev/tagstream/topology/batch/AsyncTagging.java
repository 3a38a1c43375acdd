package dev.tagstream.topology.batch;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Turns an input record into its results, later and elsewhere. One instance serves all stream
 * threads.
 */
@FunctionalInterface
public interface AsyncTagging {

  /**
   * Starts work on a record; called on a stream thread, which must not be held up.
   *
   * <p>The future completes with all results of the record or with its one reject, never both.
   * Whatever is the record's own fault (undecodable, unreachable, too slow, a poison image, results
   * too large to be produced) completes as a reject. The future fails only by a fault of the
   * machine, upon which the stream thread is replaced and the record read again. It always
   * completes: a source that does not answer is a reject at its deadline. It may be cancelled when
   * its partition is taken away: work not begun then is better left undone, and what it completes
   * with afterwards is ignored.
   *
   * @return never fails to return and never throws
   */
  CompletableFuture<List<Output>> start(InputRecord record);
}
