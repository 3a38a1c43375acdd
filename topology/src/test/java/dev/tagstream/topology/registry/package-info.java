/** The schemas and the clients of the registry against real servers. */
@NullMarked
package dev.tagstream.topology.registry;

import org.jspecify.annotations.NullMarked;
