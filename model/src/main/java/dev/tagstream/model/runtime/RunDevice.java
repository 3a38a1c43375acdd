package dev.tagstream.model.runtime;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device a choice comes down to on this machine.
 *
 * @param cudaIndex the CUDA device's number; -1 for the CPU
 */
public record RunDevice(int cudaIndex) {
  private static final Logger LOG = LoggerFactory.getLogger(RunDevice.class);
  private static final RunDevice CPU = new RunDevice(-1);

  /**
   * Tries the device out where the choice is, or may be, CUDA.
   *
   * @throws DeviceUnavailableException if a CUDA device was named and cannot be used
   */
  public static RunDevice resolve(DeviceChoice choice) {
    if (choice instanceof DeviceChoice.Cuda cuda) {
      return cuda(cuda.index());
    }
    if (choice instanceof DeviceChoice.Auto && builtForCuda()) {
      try {
        return cuda(0);
      } catch (DeviceUnavailableException e) {
        LOG.warn("Running on the CPU: {}", e.getMessage());
      }
    }
    return CPU;
  }

  public boolean isCuda() {
    return cudaIndex >= 0;
  }

  Device toDjl() {
    return isCuda() ? Device.gpu(cudaIndex) : Device.cpu();
  }

  @Override
  public String toString() {
    return isCuda() ? "cuda:" + cudaIndex : "cpu";
  }

  private static RunDevice cuda(int index) {
    if (!builtForCuda()) {
      throw new DeviceUnavailableException(
          "device is cuda:"
              + index
              + ", but this build has ONNX Runtime for the CPU only: build with -Pcuda.",
          null);
    }
    // Before the runtime has begun, all it says is that it has no logger; then it logs what it
    // lacks.
    Engine.getEngine("OnnxRuntime");
    try (SessionOptions options = new SessionOptions()) {
      options.addCUDA(index);
      return new RunDevice(index);
    } catch (OrtException e) {
      throw new DeviceUnavailableException(
          "cuda:"
              + index
              + " cannot be used; it needs an NVIDIA driver, CUDA 12 and cuDNN 9: "
              + CudaFault.of(String.valueOf(e.getMessage())),
          e);
    }
  }

  private static boolean builtForCuda() {
    return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
  }
}
