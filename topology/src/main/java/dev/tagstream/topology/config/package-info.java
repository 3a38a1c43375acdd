/**
 * The configuration: one YAML file, environment overrides, and what follows from them for the Kafka
 * clients and for the memory the process needs.
 */
@NullMarked
package dev.tagstream.topology.config;

import org.jspecify.annotations.NullMarked;
