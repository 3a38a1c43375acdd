package dev.tagstream.model.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Splits a checkpoint's weights over several files, as {@code save_pretrained} does. */
public final class Shards {
  private Shards() {}

  /** The name of a file, counted from 1. */
  public static String name(int shard, int of) {
    return "model-%05d-of-%05d.safetensors".formatted(shard, of);
  }

  /** Replaces {@code model.safetensors} by so many files and their index. */
  public static void split(Path folder, int count) throws IOException {
    Path whole = folder.resolve("model.safetensors");
    Tensors tensors = Tensors.read(whole);
    List<String> names = List.copyOf(tensors.byName().keySet());
    ObjectNode index = JsonMapper.builder().build().createObjectNode();
    index.putObject("metadata").put("total_size", 1);
    ObjectNode map = index.putObject("weight_map");
    for (int shard = 1; shard <= count; shard++) {
      List<String> own =
          names.subList((shard - 1) * names.size() / count, shard * names.size() / count);
      tensors.only(true, own).write(folder.resolve(name(shard, count)));
      String file = name(shard, count);
      own.forEach(tensor -> map.put(tensor, file));
    }
    Files.writeString(folder.resolve("model.safetensors.index.json"), index.toString());
    Files.delete(whole);
  }
}
