@NullMarked
package dev.tagstream.topology.metrics;

import org.jspecify.annotations.NullMarked;
