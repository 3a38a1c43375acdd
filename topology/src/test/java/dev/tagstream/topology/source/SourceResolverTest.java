package dev.tagstream.topology.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceResolverTest {
  private static final byte[] IMAGE = {1, 2, 3, 4};
  private static final String IMAGE_SHA256 =
      "9f64a747e1b97f131fabb6b447296c9b6f0201e79fb3c5356e6c77e89b6a806a";

  @TempDir private Path disk;
  private Path allowed;
  private SourceResolver resolver;

  @BeforeEach
  void allowOneFolder() throws IOException {
    allowed = Files.createDirectory(disk.resolve("allowed"));
    resolver = new SourceResolver(List.of(allowed), 8);
  }

  private static ImageReference inline(
      byte[] bytes, @Nullable String sha256, @Nullable Long sizeBytes) {
    return new ImageReference(ByteBuffer.wrap(bytes), null, sha256, sizeBytes);
  }

  private static ImageReference at(String uri) {
    return new ImageReference(null, uri, null, null);
  }

  private SourceProblem problemOf(ImageReference reference) {
    return catchThrowableOfType(SourceException.class, () -> resolver.resolve(reference)).problem();
  }

  @Test
  void inlineBytesComeBackWithTheirDigest() throws SourceException {
    ImageBytes image = resolver.resolve(inline(IMAGE, null, null));

    assertThat(image.bytes()).isEqualTo(IMAGE);
    assertThat(image.sha256()).isEqualTo(IMAGE_SHA256);
  }

  @Test
  void aFileUnderAnAllowedFolderIsRead() throws Exception {
    Path file = Files.write(allowed.resolve("with space é.jpg"), IMAGE);

    assertThat(resolver.resolve(at(file.toUri().toString())).bytes()).isEqualTo(IMAGE);
  }

  @Test
  void aFileOutsideTheAllowedFoldersIsRefusedWhetherItExistsOrNot() throws IOException {
    Path file = Files.write(disk.resolve("secret"), IMAGE);

    assertThat(problemOf(at(file.toUri().toString()))).isEqualTo(SourceProblem.NOT_ALLOWED);
    assertThat(problemOf(at(disk.resolve("none").toUri().toString())))
        .isEqualTo(SourceProblem.NOT_ALLOWED);
  }

  @Test
  void dotsDoNotLeadOutOfAnAllowedFolder() throws IOException {
    Files.write(disk.resolve("secret"), IMAGE);

    assertThat(problemOf(at(allowed.toUri() + "../secret"))).isEqualTo(SourceProblem.NOT_ALLOWED);
    assertThat(problemOf(at(allowed.toUri() + "%2e%2e/secret")))
        .isEqualTo(SourceProblem.NOT_ALLOWED);
  }

  @Test
  void aLinkInAnAllowedFolderIsJudgedByWhereItLeads() throws IOException {
    Path secret = Files.write(disk.resolve("secret"), IMAGE);
    Path link = Files.createSymbolicLink(allowed.resolve("link"), secret);

    assertThat(problemOf(at(link.toUri().toString()))).isEqualTo(SourceProblem.NOT_ALLOWED);
  }

  @Test
  void aFolderIsNoImage() {
    assertThat(problemOf(at(allowed.toUri().toString()))).isEqualTo(SourceProblem.UNAVAILABLE);
  }

  @Test
  void aMissingFileIsUnavailable() {
    assertThat(problemOf(at(allowed.resolve("none.png").toUri().toString())))
        .isEqualTo(SourceProblem.UNAVAILABLE);
  }

  @Test
  void moreBytesThanTheLimitAreRefusedWhereverTheyLie() throws IOException {
    Path file = Files.write(allowed.resolve("big"), new byte[9]);

    assertThat(problemOf(at(file.toUri().toString()))).isEqualTo(SourceProblem.TOO_LARGE);
    assertThat(problemOf(inline(new byte[9], null, null))).isEqualTo(SourceProblem.TOO_LARGE);
    assertThat(problemOf(new ImageReference(null, "file:///none", null, 9L)))
        .isEqualTo(SourceProblem.TOO_LARGE);
  }

  @Test
  void bytesThatAreNotThoseDescribedAreRefused() throws SourceException {
    assertThat(problemOf(inline(IMAGE, "00", null))).isEqualTo(SourceProblem.MISMATCH);
    assertThat(problemOf(inline(IMAGE, null, 3L))).isEqualTo(SourceProblem.MISMATCH);
    assertThat(resolver.resolve(inline(IMAGE, IMAGE_SHA256, 4L)).bytes()).isEqualTo(IMAGE);
  }

  @Test
  void aSchemeThatIsNotAllowedIsRefused() {
    assertThat(problemOf(at("http://127.0.0.1/x"))).isEqualTo(SourceProblem.NOT_ALLOWED);
    assertThat(problemOf(at("jar:file:///x!/y"))).isEqualTo(SourceProblem.NOT_ALLOWED);
  }

  @Test
  void anEventWithNeitherBytesNorUriHasNoImage() {
    assertThat(problemOf(new ImageReference(null, null, null, null)))
        .isEqualTo(SourceProblem.MISSING);
    assertThat(problemOf(at("not a uri"))).isEqualTo(SourceProblem.MISSING);
    assertThat(problemOf(at("file://other-host/x"))).isEqualTo(SourceProblem.MISSING);
  }

  @Test
  void anEventWithBothBytesAndUriIsAmbiguous() {
    assertThat(problemOf(new ImageReference(ByteBuffer.wrap(IMAGE), "file:///x", null, null)))
        .isEqualTo(SourceProblem.MISSING);
  }

  @Test
  void anAllowedFolderThatDoesNotExistIsSaidAtStart() {
    assertThatThrownBy(() -> new SourceResolver(List.of(disk.resolve("typo")), 8))
        .hasMessageContaining("sources.file.allow")
        .hasMessageContaining("typo");
  }
}
