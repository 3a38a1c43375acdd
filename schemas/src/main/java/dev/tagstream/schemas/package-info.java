@NullMarked
package dev.tagstream.schemas;

import org.jspecify.annotations.NullMarked;
