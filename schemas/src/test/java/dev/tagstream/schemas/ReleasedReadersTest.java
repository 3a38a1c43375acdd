package dev.tagstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The promise behind the compatibility check, kept with records instead of schemas. */
class ReleasedReadersTest {
  private static final int RECORDS = 200;
  private static final long SEED = 20260301;

  static Stream<Arguments> releases() {
    return Releases.versions().stream()
        .flatMap(
            version -> Stream.of(TopicRecord.values()).map(record -> arguments(version, record)));
  }

  @ParameterizedTest
  @MethodSource("releases")
  void aConsumerBuiltAgainstAReleaseReadsTodaysRecords(String version, TopicRecord record)
      throws Exception {
    Schema today = record.schema().rawSchema();
    Schema released = Releases.schema(version, record).orElseThrow().rawSchema();

    assertThat(readable(today, released)).isEqualTo(RECORDS);
  }

  @ParameterizedTest
  @MethodSource("releases")
  void todaysConsumerReadsTheRecordsOfARelease(String version, TopicRecord record)
      throws Exception {
    Schema today = record.schema().rawSchema();
    Schema released = Releases.schema(version, record).orElseThrow().rawSchema();

    assertThat(readable(released, today)).isEqualTo(RECORDS);
  }

  private static int readable(Schema writer, Schema reader) throws IOException {
    int readable = 0;
    for (Object written : new RandomData(writer, RECORDS, SEED)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
      new GenericDatumWriter<>(writer).write(written, encoder);
      encoder.flush();
      BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null);
      GenericRecord read =
          new GenericDatumReader<GenericRecord>(writer, reader).read(null, decoder);
      if (decoder.isEnd() && read.getSchema().equals(reader)) {
        readable++;
      }
    }
    return readable;
  }
}
