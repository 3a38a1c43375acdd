@NullMarked
package dev.tagstream.topology.cli;

import org.jspecify.annotations.NullMarked;
