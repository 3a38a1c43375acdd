package dev.tagstream.topology.config;

import dev.tagstream.model.runtime.DeviceChoice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where the model runs: one device, or several GPUs.
 *
 * <p>{@code auto} is one device on purpose. ONNX Runtime cannot be asked how many GPUs there are,
 * only be made to fail on one; and on a machine that is shared nobody wants them all taken.
 */
final class DeviceListType implements ValueType<List<DeviceChoice>> {

  /** A list, or the items separated by commas. */
  @Override
  public List<DeviceChoice> parse(RawValue raw) {
    List<DeviceChoice> devices = new ArrayList<>();
    for (String item : raw.items()) {
      Arrays.stream(item.split(",", -1))
          .map(String::strip)
          .map(DeviceChoice::parse)
          .forEach(devices::add);
    }
    if (devices.isEmpty()) {
      throw new IllegalArgumentException();
    }
    return List.copyOf(devices);
  }

  @Override
  public String allowed() {
    return "auto, cpu or cuda:N, or several GPUs such as cuda:0,cuda:1";
  }

  @Override
  public Object print(List<DeviceChoice> devices) {
    List<String> names = devices.stream().map(DeviceChoice::toString).toList();
    return names.size() == 1 ? names.get(0) : names;
  }

  /** What is wrong with these devices together; empty if nothing is. */
  static Optional<String> objection(List<DeviceChoice> devices) {
    if (devices.size() == 1) {
      return Optional.empty();
    }
    for (DeviceChoice device : devices) {
      if (!(device instanceof DeviceChoice.Cuda)) {
        return Optional.of(
            device
                + " stands alone: only GPUs, such as cuda:0,cuda:1, can be named together"
                + " (a CPU is one device, of which batch.inFlight uses more; beside a GPU it would"
                + " only hold up the order of results)");
      }
    }
    return devices.stream()
        .filter(device -> devices.indexOf(device) != devices.lastIndexOf(device))
        .findFirst()
        .map(
            device ->
                "names "
                    + device
                    + " more than once: name each GPU once; batch.inFlight says how many batches"
                    + " it has at a time");
  }
}
