/** The bundled pictures and label set, for the demo, the benchmark and the tests. */
@NullMarked
package dev.tagstream.topology.demo;

import org.jspecify.annotations.NullMarked;
