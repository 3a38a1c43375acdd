@NullMarked
package dev.tagstream.topology.evaluate;

import org.jspecify.annotations.NullMarked;
