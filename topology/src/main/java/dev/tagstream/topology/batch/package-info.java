/**
 * Batches for a device out of the records of all partitions, and their results in the order of the
 * records.
 *
 * <p>Threads: {@link dev.tagstream.topology.batch.AsyncBatchProcessor} belongs to a stream thread,
 * {@link dev.tagstream.topology.batch.BatchEngine} to nobody: any worker may submit to it, and its
 * own device threads complete the futures.
 */
@org.jspecify.annotations.NullMarked
package dev.tagstream.topology.batch;
