package dev.tagstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What keeps the records open to change and readable for those who did not write them. */
class SchemaConventionsTest {

  @ParameterizedTest
  @EnumSource(TopicRecord.class)
  void everyTypeAndFieldIsDocumented(TopicRecord record) {
    for (Schema type : namedTypes(record)) {
      assertThat(type.getDoc()).as(type.getName()).isNotBlank();
      if (type.getType() == Schema.Type.RECORD) {
        for (Schema.Field field : type.getFields()) {
          assertThat(field.doc()).as(type.getName() + "." + field.name()).isNotBlank();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TopicRecord.class)
  void everyEnumHasASymbolForThoseItDoesNotKnow(TopicRecord record) {
    for (Schema type : namedTypes(record)) {
      if (type.getType() == Schema.Type.ENUM) {
        assertThat(type.getEnumDefault()).as(type.getName()).isEqualTo("UNKNOWN");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TopicRecord.class)
  void unionsAreOnlyWithNullAndDefaultToIt(TopicRecord record) {
    for (Schema type : namedTypes(record)) {
      if (type.getType() == Schema.Type.RECORD) {
        for (Schema.Field field : type.getFields()) {
          if (field.schema().isUnion()) {
            assertThat(field.schema().getTypes()).as(field.name()).hasSize(2);
            assertThat(field.schema().getTypes().get(0).getType()).isEqualTo(Schema.Type.NULL);
            assertThat(field.defaultVal()).isEqualTo(JsonProperties.NULL_VALUE);
          }
        }
      }
    }
  }

  private static Set<Schema> namedTypes(TopicRecord record) {
    Set<Schema> found = new HashSet<>();
    collect(record.schema().rawSchema(), found);
    return found;
  }

  private static void collect(Schema schema, Set<Schema> found) {
    switch (schema.getType()) {
      case RECORD -> {
        if (found.add(schema)) {
          schema.getFields().forEach(field -> collect(field.schema(), found));
        }
      }
      case ENUM -> found.add(schema);
      case ARRAY -> collect(schema.getElementType(), found);
      case MAP -> collect(schema.getValueType(), found);
      case UNION -> schema.getTypes().forEach(member -> collect(member, found));
      default -> {
        // Primitive types have no name and no documentation.
      }
    }
  }
}
