@NullMarked
package dev.tagstream.topology.config;

import org.jspecify.annotations.NullMarked;
