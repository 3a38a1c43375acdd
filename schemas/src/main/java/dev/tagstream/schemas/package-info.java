/**
 * What travels on Tagstream's topics, and how: Avro records in Confluent's wire format, under
 * schemas of a registry.
 *
 * <p>{@link dev.tagstream.schemas.TopicRecord} lists the records, {@link
 * dev.tagstream.schemas.AvroCodecs} writes and reads them, {@link
 * dev.tagstream.schemas.SchemaRegistration} and {@link dev.tagstream.schemas.SchemaCompatibility}
 * are for deployment and CI. The records themselves are generated into {@code
 * dev.tagstream.events}.
 */
@NullMarked
package dev.tagstream.schemas;

import org.jspecify.annotations.NullMarked;
