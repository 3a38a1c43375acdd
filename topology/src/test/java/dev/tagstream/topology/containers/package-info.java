/** Servers in containers, for the tests that want real ones. */
@NullMarked
package dev.tagstream.topology.containers;

import org.jspecify.annotations.NullMarked;
