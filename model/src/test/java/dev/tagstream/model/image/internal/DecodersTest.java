package dev.tagstream.model.image.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import io.github.humbleui.skija.impl.Library;
import org.junit.jupiter.api.Test;

class DecodersTest {

  @Test
  void theIdentityThatEntersFingerprintsNamesTheDecodersOnTheClassPath() {
    String skija = Library.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    String version = skija.replaceAll(".*skija-shared-(.*)\\.jar", "$1");

    assertThat(Decoders.IDENTITY)
        .contains("skija-" + version + ";")
        .endsWith("twelvemonkeys-" + new TIFFImageReaderSpi().getVersion());
  }
}
