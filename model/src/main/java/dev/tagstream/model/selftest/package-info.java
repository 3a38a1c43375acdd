/** Whether a loaded checkpoint computes what it should, as far as that can be told without data. */
@NullMarked
package dev.tagstream.model.selftest;

import org.jspecify.annotations.NullMarked;
