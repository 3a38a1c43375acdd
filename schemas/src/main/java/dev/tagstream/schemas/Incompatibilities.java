package dev.tagstream.schemas;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;

/** What keeps two schemas from reading each other's records, in sentences that name the field. */
final class Incompatibilities {
  private Incompatibilities() {}

  /**
   * Compares both ways, by the same rules of Avro that Confluent's registry applies at the level
   * FULL. Empty if the schemas are compatible.
   */
  static List<String> between(AvroSchema today, AvroSchema earlier) {
    List<String> problems = new ArrayList<>();
    for (Incompatibility found : reading(today.rawSchema(), earlier.rawSchema())) {
      problems.add(
          "this version cannot read earlier records: " + sentence(found, today.rawSchema()));
    }
    for (Incompatibility found : reading(earlier.rawSchema(), today.rawSchema())) {
      problems.add(
          "earlier readers cannot read this version's records: "
              + sentence(found, earlier.rawSchema()));
    }
    return problems;
  }

  private static List<Incompatibility> reading(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
        .getResult()
        .getIncompatibilities();
  }

  private static String sentence(Incompatibility found, Schema reader) {
    String field = field(found.getLocation(), reader);
    return switch (found.getType()) {
      case READER_FIELD_MISSING_DEFAULT_VALUE ->
          "field " + field + " has no default, and those records lack it";
      case MISSING_ENUM_SYMBOLS ->
          field + " lacks the symbols " + found.getMessage() + ", and has no default symbol";
      default -> field + ": " + found.getMessage();
    };
  }

  /**
   * The names on the way to a place that Avro gives by numbers, such as {@code
   * /fields/1/type/fields/3/type}.
   */
  private static String field(String location, Schema root) {
    List<String> names = new ArrayList<>();
    Schema schema = root;
    String[] steps = location.split("/", -1);
    for (int i = 1; i < steps.length; i++) {
      String step = steps[i];
      if (step.equals("fields") && i + 1 < steps.length) {
        Schema.Field field = schema.getFields().get(Integer.parseInt(steps[++i]));
        names.add(field.name());
        schema = field.schema();
      } else if (step.equals("items")) {
        schema = schema.getElementType();
      } else if (step.equals("values")) {
        schema = schema.getValueType();
      } else if (schema.isUnion() && !step.isEmpty() && Character.isDigit(step.charAt(0))) {
        schema = schema.getTypes().get(Integer.parseInt(step));
      }
    }
    return names.isEmpty() ? root.getName() : String.join(".", names);
  }
}
