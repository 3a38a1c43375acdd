@NullMarked
package dev.tagstream.topology.tagging;

import org.jspecify.annotations.NullMarked;
