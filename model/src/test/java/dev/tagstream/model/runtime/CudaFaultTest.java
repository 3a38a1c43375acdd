package dev.tagstream.model.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Messages of ONNX Runtime 1.29. The second is as its sources write it: there was no GPU to fail.
 */
class CudaFaultTest {

  @Test
  void whereCudaIsMissingTheReasonStays() {
    assertThat(
            CudaFault.of(
                "Error code - ORT_FAIL - message: OrtSessionOptionsAppendExecutionProvider_Cuda:"
                    + " Failed to load shared library"))
        .isEqualTo("Failed to load shared library");
  }

  @Test
  void ofACallThatFailedCudasOwnWordsStay() {
    assertThat(
            CudaFault.of(
                "Error code - ORT_FAIL - message: CUDA failure 100: no CUDA-capable device is"
                    + " detected ; GPU=-1 ; hostname=node ; file=cuda_execution_provider_info.cc ;"
                    + " line=57 ; expr=cudaGetDeviceCount(&num_devices);"))
        .isEqualTo("CUDA failure 100: no CUDA-capable device is detected");
  }

  @Test
  void whateverElseIsSaidStaysInOneLine() {
    assertThat(CudaFault.of("something\nelse ")).isEqualTo("something else");
  }
}
