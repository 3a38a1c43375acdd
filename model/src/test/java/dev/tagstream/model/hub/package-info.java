@NullMarked
package dev.tagstream.model.hub;

import org.jspecify.annotations.NullMarked;
