/** Plain clients of the topics, as any publisher or consumer could be written. */
@NullMarked
package dev.tagstream.topology.client;

import org.jspecify.annotations.NullMarked;
