/** Turns prompts into the token ids that a checkpoint's text tower was trained on. */
@NullMarked
package dev.tagstream.model.text;

import org.jspecify.annotations.NullMarked;
