package dev.tagstream.model.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where OpenCLIP keeps the tensors of a CLIP model (names and shapes: {@code CLIP}, {@code
 * VisionTransformer} and {@code ResidualAttentionBlock} of <a
 * href="https://github.com/mlfoundations/open_clip">open_clip</a>). It differs from Hugging Face's
 * layout in the names, in the projections, which it multiplies from the right and so keeps
 * transposed, and in attention, whose weights for queries, keys and values are the thirds of one
 * tensor.
 *
 * @param name in the file
 * @param part which third of the tensor; meaningless where {@code parts} is 1
 * @param parts 3 for a third, 1 for all of it
 * @param transposed whether the file holds the transposed matrix
 */
record OpenClipTensors(String name, int part, int parts, boolean transposed) {
  private static final Pattern BLOCK =
      Pattern.compile("(vision_model|text_model)\\.encoder\\.layers\\.(\\d+)\\.(.+)");
  private static final Pattern FUSED = Pattern.compile("self_attn\\.([qkv])_proj\\.(weight|bias)");

  private static final Map<String, String> OUTSIDE_BLOCKS =
      Map.ofEntries(
          Map.entry("vision_model.embeddings.class_embedding", "visual.class_embedding"),
          Map.entry("vision_model.embeddings.patch_embedding.weight", "visual.conv1.weight"),
          Map.entry(
              "vision_model.embeddings.position_embedding.weight", "visual.positional_embedding"),
          Map.entry("vision_model.pre_layrnorm.weight", "visual.ln_pre.weight"),
          Map.entry("vision_model.pre_layrnorm.bias", "visual.ln_pre.bias"),
          Map.entry("vision_model.post_layernorm.weight", "visual.ln_post.weight"),
          Map.entry("vision_model.post_layernorm.bias", "visual.ln_post.bias"),
          Map.entry("visual_projection.weight", "visual.proj"),
          Map.entry("text_model.embeddings.token_embedding.weight", "token_embedding.weight"),
          Map.entry("text_model.embeddings.position_embedding.weight", "positional_embedding"),
          Map.entry("text_model.final_layer_norm.weight", "ln_final.weight"),
          Map.entry("text_model.final_layer_norm.bias", "ln_final.bias"),
          Map.entry("text_projection.weight", "text_projection"),
          Map.entry("logit_scale", "logit_scale"));

  private static final List<Map.Entry<String, String>> INSIDE_BLOCKS =
      List.of(
          Map.entry("layer_norm1.", "ln_1."),
          Map.entry("layer_norm2.", "ln_2."),
          Map.entry("self_attn.out_proj.", "attn.out_proj."),
          Map.entry("mlp.fc1.", "mlp.c_fc."),
          Map.entry("mlp.fc2.", "mlp.c_proj."));

  /** Where the tensor lies that Hugging Face calls {@code name}. */
  static OpenClipTensors of(String name) {
    Matcher block = BLOCK.matcher(name);
    if (block.matches()) {
      String tower = block.group(1).equals("vision_model") ? "visual." : "";
      return insideBlock(tower + "transformer.resblocks." + block.group(2) + ".", block.group(3));
    }
    String own = OUTSIDE_BLOCKS.get(name);
    if (own == null) {
      throw new IllegalArgumentException("OpenCLIP has no counterpart of " + name);
    }
    return new OpenClipTensors(own, 0, 1, name.endsWith("_projection.weight"));
  }

  private static OpenClipTensors insideBlock(String prefix, String name) {
    Matcher fused = FUSED.matcher(name);
    if (fused.matches()) {
      int third = "qkv".indexOf(fused.group(1));
      return new OpenClipTensors(prefix + "attn.in_proj_" + fused.group(2), third, 3, false);
    }
    for (Map.Entry<String, String> names : INSIDE_BLOCKS) {
      if (name.startsWith(names.getKey())) {
        String rest = name.substring(names.getKey().length());
        return new OpenClipTensors(prefix + names.getValue() + rest, 0, 1, false);
      }
    }
    throw new IllegalArgumentException("OpenCLIP has no counterpart of " + name);
  }

  /** The shape that the file's tensor has to have, given the shape of what is wanted of it. */
  List<Long> storedShape(List<Long> shape) {
    List<Long> stored = new ArrayList<>(shape);
    if (parts > 1) {
      stored.set(0, shape.get(0) * parts);
    }
    return transposed ? List.of(stored.get(1), stored.get(0)) : stored;
  }

  /** What is wanted of the file's tensor. */
  StoredTensor of(StoredTensor stored) {
    StoredTensor wanted = parts > 1 ? stored.part(part, parts) : stored;
    return transposed ? wanted.transpose() : wanted;
  }
}
