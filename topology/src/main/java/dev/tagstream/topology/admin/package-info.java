/** The topics as they should be, as they are, and what is wrong with the difference. */
@NullMarked
package dev.tagstream.topology.admin;

import org.jspecify.annotations.NullMarked;
