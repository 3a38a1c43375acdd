package dev.tagstream.model.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class DeviceChoiceTest {

  @Test
  void theThreeFormsAreRead() {
    assertThat(DeviceChoice.parse("auto")).isEqualTo(new DeviceChoice.Auto());
    assertThat(DeviceChoice.parse("cpu")).isEqualTo(new DeviceChoice.Cpu());
    assertThat(DeviceChoice.parse("cuda:3")).isEqualTo(new DeviceChoice.Cuda(3));
    assertThat(DeviceChoice.parse("cuda")).isEqualTo(new DeviceChoice.Cuda(0));
  }

  @Test
  void aChoicePrintsInTheFormItIsReadFrom() {
    for (String text : new String[] {"auto", "cpu", "cuda:1"}) {
      assertThat(DeviceChoice.parse(text)).hasToString(text);
    }
  }

  @Test
  void anythingElseIsRefusedWithWhatIsAllowed() {
    for (String text : new String[] {"gpu", "cuda:", "cuda:-1", "CPU", ""}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> DeviceChoice.parse(text))
          .withMessageContaining("auto, cpu or cuda:N");
    }
  }
}
