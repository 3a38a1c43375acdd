package dev.tagstream.topology.cli;

import dev.tagstream.model.hub.StoredModel;
import java.util.LinkedHashMap;
import java.util.Map;

/** Pulled models as JSON. */
final class StoredModelLines {

  private StoredModelLines() {}

  static Map<String, Object> fields(StoredModel model) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("model", model.lock().source());
    fields.put("revision", model.lock().revision());
    fields.put("hub", model.lock().hub());
    fields.put("folder", model.folder().toString());
    fields.put("bytes", model.lock().bytes());
    fields.put("files", model.lock().files());
    fields.put("card", model.lock().card().facts());
    return fields;
  }
}
