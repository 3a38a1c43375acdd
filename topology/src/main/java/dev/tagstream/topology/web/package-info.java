/** What an operator's tools ask over HTTP: metrics, and whether the application is well. */
@NullMarked
package dev.tagstream.topology.web;

import org.jspecify.annotations.NullMarked;
