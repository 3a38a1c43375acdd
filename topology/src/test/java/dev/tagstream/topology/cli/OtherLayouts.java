package dev.tagstream.topology.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Lays a checkpoint of Hugging Face's layout out in the other layouts, without the code that reads
 * them: as {@code torch.save} writes it, and under OpenCLIP's names.
 */
final class OtherLayouts {
  private static final JsonMapper JSON = new JsonMapper();

  /** Whole names, and those of parts; applied in this order. */
  private static final String[][] OPEN_CLIP_NAMES = {
    {"text_model.embeddings.token_embedding", "token_embedding"},
    {"text_model.embeddings.position_embedding.weight", "positional_embedding"},
    {"vision_model.embeddings.position_embedding.weight", "visual.positional_embedding"},
    {"vision_model.embeddings.class_embedding", "visual.class_embedding"},
    {"vision_model.embeddings.patch_embedding", "visual.conv1"},
    {"vision_model.encoder.layers", "visual.transformer.resblocks"},
    {"text_model.encoder.layers", "transformer.resblocks"},
    {"vision_model.pre_layrnorm", "visual.ln_pre"},
    {"vision_model.post_layernorm", "visual.ln_post"},
    {"text_model.final_layer_norm", "ln_final"},
    {"visual_projection.weight", "visual.proj"},
    {"text_projection.weight", "text_projection"},
    {"self_attn.out_proj", "attn.out_proj"},
    {"layer_norm", "ln_"},
    {"mlp.fc1", "mlp.c_fc"},
    {"mlp.fc2", "mlp.c_proj"},
  };

  @SuppressWarnings("ArrayRecordComponent") // only handed from reader to writer
  private record Tensor(List<Integer> shape, byte[] bytes) {}

  private OtherLayouts() {}

  /** A folder with {@code pytorch_model.bin} in place of {@code model.safetensors}. */
  static void pyTorch(Path huggingFace, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String name : List.of("config.json", "preprocessor_config.json", "tokenizer.json")) {
      Files.copy(huggingFace.resolve(name), folder.resolve(name));
    }
    Map<String, Tensor> tensors = read(huggingFace.resolve("model.safetensors"));
    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(folder.resolve("pytorch_model.bin")))) {
      Map<String, List<Integer>> shapes = new TreeMap<>();
      tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
      stored(zip, "model/data.pkl", StateDictionary.of(shapes));
      int key = 0;
      for (Tensor tensor : tensors.values()) {
        stored(zip, "model/data/" + key++, tensor.bytes());
      }
    }
  }

  /**
   * A folder with OpenCLIP's files.
   *
   * @param config the contents of {@code open_clip_config.json}
   */
  static void openClip(Path huggingFace, String config, Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("open_clip_config.json"), config);
    Files.copy(huggingFace.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
    Map<String, Tensor> tensors = read(huggingFace.resolve("model.safetensors"));
    Map<String, Tensor> renamed = new TreeMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (name.contains(".q_proj.")) {
            renamed.put(
                openClipName(name.replace("self_attn.q_proj.", "attn.in_proj_")),
                fused(
                    Stream.of("q_proj", "k_proj", "v_proj")
                        .map(part -> tensors.get(name.replace("q_proj", part)))
                        .map(Objects::requireNonNull)
                        .toList()));
          } else if (name.endsWith("_projection.weight")) {
            renamed.put(openClipName(name), transposed(tensor));
          } else if (!name.contains(".k_proj.") && !name.contains(".v_proj.")) {
            renamed.put(openClipName(name), tensor);
          }
        });
    write(renamed, folder.resolve("open_clip_model.safetensors"));
  }

  private static String openClipName(String name) {
    String renamed = name;
    for (String[] pair : OPEN_CLIP_NAMES) {
      renamed = renamed.replace(pair[0], pair[1]);
    }
    return renamed;
  }

  private static Tensor fused(List<Tensor> parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Tensor part : parts) {
      bytes.writeBytes(part.bytes());
    }
    List<Integer> shape = new ArrayList<>(parts.get(0).shape());
    shape.set(0, shape.get(0) * parts.size());
    return new Tensor(shape, bytes.toByteArray());
  }

  private static Tensor transposed(Tensor tensor) {
    int rows = tensor.shape().get(0);
    int columns = tensor.shape().get(1);
    ByteBuffer from = ByteBuffer.wrap(tensor.bytes());
    ByteBuffer to = ByteBuffer.allocate(tensor.bytes().length);
    for (int column = 0; column < columns; column++) {
      for (int row = 0; row < rows; row++) {
        to.putInt(from.getInt(Float.BYTES * (row * columns + column)));
      }
    }
    return new Tensor(List.of(columns, rows), to.array());
  }

  private static Map<String, Tensor> read(Path file) throws IOException {
    ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int headerBytes = Math.toIntExact(all.getLong());
    JsonNode header = JSON.readTree(all.array(), Long.BYTES, headerBytes);
    Map<String, Tensor> tensors = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      if (entry.getValue().has("shape")) {
        List<Integer> shape = new ArrayList<>();
        entry.getValue().get("shape").forEach(size -> shape.add(size.asInt()));
        int from = entry.getValue().get("data_offsets").get(0).asInt();
        byte[] bytes = new byte[entry.getValue().get("data_offsets").get(1).asInt() - from];
        all.get(Long.BYTES + headerBytes + from, bytes);
        tensors.put(entry.getKey(), new Tensor(shape, bytes));
      }
    }
    return tensors;
  }

  private static void write(Map<String, Tensor> tensors, Path file) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    tensors.forEach(
        (name, tensor) -> {
          ObjectNode entry = header.putObject(name).put("dtype", "F32");
          tensor.shape().forEach(entry.putArray("shape")::add);
          int from = data.size();
          data.writeBytes(tensor.bytes());
          entry.putArray("data_offsets").add(from).add(data.size());
        });
    byte[] text = JSON.writeValueAsBytes(header);
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(length.putLong(text.length).array());
    out.writeBytes(text);
    out.writeBytes(data.toByteArray());
    Files.write(file, out.toByteArray());
  }

  private static void stored(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }
}
