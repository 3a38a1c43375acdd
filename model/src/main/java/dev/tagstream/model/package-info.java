@NullMarked
package dev.tagstream.model;

import org.jspecify.annotations.NullMarked;
