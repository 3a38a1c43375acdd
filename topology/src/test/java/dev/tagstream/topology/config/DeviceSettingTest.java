package dev.tagstream.topology.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tagstream.model.runtime.DeviceChoice;
import dev.tagstream.model.runtime.DeviceChoice.Auto;
import dev.tagstream.model.runtime.DeviceChoice.Cpu;
import dev.tagstream.model.runtime.DeviceChoice.Cuda;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code model.device} may be. */
class DeviceSettingTest {
  @TempDir Path folder;
  private YamlFile yaml;

  @BeforeEach
  void yaml() {
    yaml = new YamlFile(folder);
  }

  private List<DeviceChoice> devices(String value) {
    return yaml.load("model: {device: " + value + "}").config().model().devices();
  }

  private static Object shown(LoadedConfig loaded) {
    return loaded.settings().stream()
        .filter(setting -> setting.key().equals("model.device"))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Test
  void oneDeviceOrSeveralGpusCanBeNamed() {
    assertThat(devices("auto")).containsExactly(new Auto());
    assertThat(devices("cpu")).containsExactly(new Cpu());
    assertThat(devices("cuda:3")).containsExactly(new Cuda(3));
    assertThat(devices("[cuda:1, cuda:0]")).containsExactly(new Cuda(1), new Cuda(0));
    assertThat(devices("'cuda:1, cuda:0'")).containsExactly(new Cuda(1), new Cuda(0));
  }

  @Test
  void whatIsShownCanBeReadAgain() {
    assertThat(shown(yaml.load("model: {device: cpu}"))).isEqualTo("cpu");
    assertThat(shown(yaml.load("model: {device: 'cuda:0,cuda:1'}")))
        .isEqualTo(List.of("cuda:0", "cuda:1"));
    assertThat(ConfigLoader.defaults(Map.of("model.device", "cuda:0,cuda:1")).model().devices())
        .isEqualTo(devices("[cuda:0, cuda:1]"));
  }

  @Test
  void aGpuNamedTwiceIsRefused() {
    assertThat(yaml.refused("model: {device: 'cuda:0,cuda:1,cuda:00'}"))
        .hasMessageContaining("model.device: cuda:0,cuda:1,cuda:0")
        .hasMessageContaining("names cuda:0 more than once: name each GPU once");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu,cpu", "cpu,cuda:0", "cuda:0,cpu", "auto,cuda:1", "auto,auto"})
  void onlyGpusCanBeNamedTogether(String value) {
    assertThat(yaml.refused("model: {device: '" + value + "'}"))
        .hasMessageContaining("stands alone: only GPUs, such as cuda:0,cuda:1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpu", "cuda:-1", "'cuda:0,'", "[]", "''", "cuda:0 cuda:1"})
  void anythingElseIsRefusedWithWhatIsAllowed(String value) {
    assertThat(yaml.refused("model: {device: " + value + "}"))
        .hasMessageContaining("must be auto, cpu or cuda:N, or several GPUs such as cuda:0,cuda:1");
  }
}
