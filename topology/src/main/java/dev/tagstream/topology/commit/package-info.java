/**
 * The lagging commit: exactly-once with work in flight.
 *
 * <p>{@code process()} hands a record to an asynchronous engine and returns, so Kafka Streams would
 * commit offsets of records whose results do not exist yet, and a crash would lose them. Here every
 * offset on its way to the broker is lowered to the end of the finished prefix of its partition.
 * The pipeline never drains, no image is written twice, and only public interfaces are used.
 *
 * <p>Threads: the registry behind {@link dev.tagstream.topology.commit.LaggingCommit} belongs to
 * one stream thread. Initialising, processing, punctuating, closing, polling, committing and
 * purging all run there, so nothing is locked.
 */
@org.jspecify.annotations.NullMarked
package dev.tagstream.topology.commit;
