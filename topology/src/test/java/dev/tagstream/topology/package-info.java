@NullMarked
package dev.tagstream.topology;

import org.jspecify.annotations.NullMarked;
