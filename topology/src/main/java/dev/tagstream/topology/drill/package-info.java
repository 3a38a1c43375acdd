/**
 * Fault drills against real processes: instances of an application are killed at random while
 * events flow, and every result is counted by its origin.
 */
@org.jspecify.annotations.NullMarked
package dev.tagstream.topology.drill;
