package dev.tagstream.topology.tagging;

import dev.tagstream.events.ImageEvent;
import dev.tagstream.events.ImageFormat;
import dev.tagstream.events.ImageInfo;
import dev.tagstream.events.ImageSource;
import dev.tagstream.events.RejectReason;
import dev.tagstream.events.RejectStage;
import dev.tagstream.model.image.ImagePreprocessor;
import dev.tagstream.model.image.ImageProblem;
import dev.tagstream.model.image.ImageRejectedException;
import dev.tagstream.model.image.PreparedImage;
import dev.tagstream.topology.source.ImageBytes;
import dev.tagstream.topology.source.ImageReference;
import dev.tagstream.topology.source.SourceException;
import dev.tagstream.topology.source.SourceProblem;
import dev.tagstream.topology.source.SourceResolver;

/**
 * From an event to pixels, in two steps: the bytes from their source, the pixels from the bytes.
 */
final class ImageLoader {
  private final SourceResolver sources;
  private final ImagePreprocessor preprocessor;

  ImageLoader(SourceResolver sources, ImagePreprocessor preprocessor) {
    this.sources = sources;
    this.preprocessor = preprocessor;
  }

  /**
   * Pixels ready for the model.
   *
   * @param pixels uint8 RGB, rows of pixels, the model's input size
   */
  @SuppressWarnings("ArrayRecordComponent") // handed once from decoder to batch
  record Loaded(ImageInfo info, byte[] pixels) {}

  static boolean isRemote(ImageEvent event) {
    return SourceResolver.isRemote(reference(event.getSource()));
  }

  ImageBytes resolve(ImageEvent event) {
    try {
      return sources.resolve(reference(event.getSource()));
    } catch (SourceException e) {
      throw new RejectedEventException(
          event, reason(e.problem()), RejectStage.RESOLVE, String.valueOf(e.getMessage()));
    }
  }

  Loaded decode(ImageEvent event, ImageBytes image) {
    try {
      PreparedImage prepared = preprocessor.prepare(image.bytes());
      ImageInfo info =
          ImageInfo.newBuilder()
              .setSha256(image.sha256())
              .setFormat(ImageFormat.valueOf(prepared.format().name()))
              .setWidth(prepared.width())
              .setHeight(prepared.height())
              .build();
      return new Loaded(info, prepared.pixels());
    } catch (ImageRejectedException e) {
      throw new RejectedEventException(
          event, reason(e.problem()), RejectStage.DECODE, String.valueOf(e.getMessage()));
    }
  }

  private static ImageReference reference(ImageSource source) {
    return new ImageReference(
        source.getBytes(), source.getUri(), source.getSha256(), source.getSizeBytes());
  }

  private static RejectReason reason(SourceProblem problem) {
    return switch (problem) {
      case MISSING -> RejectReason.NO_SOURCE;
      case NOT_ALLOWED -> RejectReason.SOURCE_NOT_ALLOWED;
      case UNAVAILABLE -> RejectReason.SOURCE_UNAVAILABLE;
      case TOO_LARGE -> RejectReason.SOURCE_TOO_LARGE;
      case MISMATCH -> RejectReason.CHECKSUM_MISMATCH;
      case TIMEOUT -> RejectReason.SOURCE_TIMEOUT;
    };
  }

  private static RejectReason reason(ImageProblem problem) {
    return switch (problem) {
      case UNKNOWN_FORMAT -> RejectReason.UNKNOWN_FORMAT;
      case TOO_LARGE -> RejectReason.SOURCE_TOO_LARGE;
      case TOO_MANY_PIXELS -> RejectReason.TOO_MANY_PIXELS;
      case TOO_MANY_FRAMES -> RejectReason.TOO_MANY_FRAMES;
      case UNSUPPORTED -> RejectReason.UNSUPPORTED_IMAGE;
      case UNDECODABLE -> RejectReason.UNDECODABLE_IMAGE;
    };
  }
}
