/** A real broker and a registry inside this process, for the demo, the drills and the tests. */
@org.jspecify.annotations.NullMarked
package dev.tagstream.topology.embedded;
