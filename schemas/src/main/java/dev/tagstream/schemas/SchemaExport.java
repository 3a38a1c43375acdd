package dev.tagstream.schemas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes this version's schemas as files, for programs in other languages and for releases. */
public final class SchemaExport {
  private SchemaExport() {}

  /**
   * Writes {@code <RecordName>.avsc} for each record, each complete in itself, and overwrites what
   * is there.
   *
   * @param folder is made if need be
   * @return the files written
   */
  public static List<Path> write(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> files = new ArrayList<>();
    for (TopicRecord record : TopicRecord.values()) {
      Path file = folder.resolve(record.recordName() + ".avsc");
      Files.writeString(file, record.schemaTextIndented() + "\n");
      files.add(file);
    }
    return files;
  }
}
