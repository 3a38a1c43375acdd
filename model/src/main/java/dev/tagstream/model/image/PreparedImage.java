package dev.tagstream.model.image;

/**
 * The pixels a model takes, and what the file was.
 *
 * @param pixels unsigned 8-bit RGB, rows from the top, {@code [height, width, 3]} of the spec's
 *     output
 * @param format the format of the file
 * @param width the width of the image as displayed, before resizing
 * @param height the height of the image as displayed, before resizing
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, not copied: one per image on the hot path
public record PreparedImage(byte[] pixels, ImageFormat format, int width, int height) {}
