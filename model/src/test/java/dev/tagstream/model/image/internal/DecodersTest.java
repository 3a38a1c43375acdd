package dev.tagstream.model.image.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import io.github.humbleui.skija.impl.Library;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class DecodersTest {

  @Test
  @EnabledOnOs(OS.LINUX)
  void skiaRunsWithoutTheGraphicalSystemItsLibraryAsksFor() throws IOException {
    Decoders.load();

    List<String> mapped = Files.readAllLines(Path.of("/proc/self/maps"));

    assertThat(mapped).anyMatch(line -> line.contains("libskija.so"));
    assertThat(mapped).noneMatch(line -> line.matches(".*/lib(GL|EGL|fontconfig)\\.so.*"));
  }

  @Test
  void onlyAnElfFileIsDetached() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SharedObject.detach(new byte[64], "libGL."))
        .withMessageContaining("ELF");
  }

  @Test
  void theIdentityThatEntersFingerprintsNamesTheDecodersOnTheClassPath() {
    String skija = Library.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    String version = skija.replaceAll(".*skija-shared-(.*)\\.jar", "$1");

    assertThat(Decoders.IDENTITY)
        .contains("skija-" + version + ";")
        .endsWith("twelvemonkeys-" + new TIFFImageReaderSpi().getVersion());
  }
}
