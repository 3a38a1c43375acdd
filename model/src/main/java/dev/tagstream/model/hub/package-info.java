/**
 * Checkpoints from a model hub: pulled over its HTTP API, verified against its own record, kept in
 * a store of plain folders with a lock file each. Nothing here is needed to run a checkpoint that
 * lies in a folder already.
 *
 * <p>Every byte of the other side is hostile: sizes, names, addresses and times are bounded before
 * they are believed.
 */
@NullMarked
package dev.tagstream.model.hub;

import org.jspecify.annotations.NullMarked;
