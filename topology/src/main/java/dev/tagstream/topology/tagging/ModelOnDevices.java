package dev.tagstream.topology.tagging;

import dev.tagstream.model.ClipModel;
import dev.tagstream.model.ImageTower;
import dev.tagstream.model.graph.ComputeType;
import dev.tagstream.model.runtime.DeviceChoice;
import dev.tagstream.topology.batch.NamedDevice;
import dev.tagstream.topology.batch.SparingDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A model and the devices that embed images with it. Texts are embedded by the model itself, on the
 * first device.
 */
public final class ModelOnDevices implements AutoCloseable {
  private final ClipModel clip;
  private final List<NamedDevice> devices;
  private final List<ImageTower> further;

  private ModelOnDevices(ClipModel clip, List<NamedDevice> devices, List<ImageTower> further) {
    this.clip = clip;
    this.devices = List.copyOf(devices);
    this.further = List.copyOf(further);
  }

  /** On the device where the model is. */
  public static ModelOnDevices of(ClipModel clip) {
    return new ModelOnDevices(clip, List.of(device(clip.imageTower())), List.of());
  }

  /** On devices that give the model's vectors, however they do it; they stay the caller's. */
  public static ModelOnDevices of(ClipModel clip, List<NamedDevice> devices) {
    return new ModelOnDevices(clip, devices, List.of());
  }

  /**
   * Loads the image tower on further devices, beside the one where the model is.
   *
   * @param clip closed with the result, and if it cannot be had
   * @throws dev.tagstream.model.runtime.DeviceUnavailableException if a device cannot be used
   */
  public static ModelOnDevices load(ClipModel clip, List<DeviceChoice> others) {
    List<ImageTower> further = new ArrayList<>();
    List<NamedDevice> devices = new ArrayList<>(List.of(device(clip.imageTower())));
    try {
      for (DeviceChoice other : others) {
        ImageTower tower = clip.imageTowerOn(other);
        further.add(tower);
        devices.add(device(tower));
      }
      return new ModelOnDevices(clip, devices, further);
    } catch (RuntimeException e) {
      further.forEach(ImageTower::close);
      clip.close();
      throw e;
    }
  }

  private static NamedDevice device(ImageTower tower) {
    return new NamedDevice(
        tower.device(), new SparingDevice(tower.device(), new ModelDevice(tower)));
  }

  /** The model. */
  public ClipModel clip() {
    return clip;
  }

  /** The devices, the model's own first. */
  public List<NamedDevice> devices() {
    return devices;
  }

  /** The number format in which the device of that name computes. */
  public ComputeType compute(String device) {
    return further.stream()
        .filter(tower -> tower.device().equals(device))
        .findFirst()
        .map(ImageTower::compute)
        .orElseGet(clip::compute);
  }

  /** Their names and number formats, for people. */
  public String describeDevices() {
    return devices.stream()
        .map(device -> device.name() + " in " + compute(device.name()))
        .collect(Collectors.joining(", "));
  }

  /** Waits for running calls, then frees the weights' memory on every device. */
  @Override
  public void close() {
    further.forEach(ImageTower::close);
    clip.close();
  }
}
