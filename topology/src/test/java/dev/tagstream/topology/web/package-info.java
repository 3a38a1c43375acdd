@NullMarked
package dev.tagstream.topology.web;

import org.jspecify.annotations.NullMarked;
