/**
 * A CLIP library for the JVM, with no messaging in it: {@link dev.tagstream.model.ClipModel} loads
 * a checkpoint folder and embeds pictures and texts.
 *
 * <pre>{@code
 * try (ClipModel model = ClipModel.load(Path.of("clip-vit-base-patch32"), ModelOptions.defaults())) {
 *   float[] picture = model.embedImage(Files.readAllBytes(Path.of("cat.jpg")));
 *   float[][] texts = model.embedTexts(List.of("a photo of a cat", "a photo of a dog"));
 * }
 * }</pre>
 */
@NullMarked
package dev.tagstream.model;

import org.jspecify.annotations.NullMarked;
