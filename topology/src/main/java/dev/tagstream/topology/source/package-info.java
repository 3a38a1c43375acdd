/**
 * From an event's source to the image's bytes. Nothing an event says is trusted: sizes are bounded
 * before reading, and places must have been allowed by the operator.
 */
@NullMarked
package dev.tagstream.topology.source;

import org.jspecify.annotations.NullMarked;
