package dev.tagstream.schemas;

import dev.tagstream.events.ImageEvent;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Avro instantiates only classes that the process has named, so that a schema cannot make it load
 * others. The generated records are added to whatever is trusted already, once per process.
 */
final class TrustedRecords {
  static {
    String generated = ImageEvent.class.getPackageName();
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(), type -> type.getPackageName().equals(generated)));
  }

  private TrustedRecords() {}

  /** Has its effect when this class is initialised; further calls have none. */
  static void trust() {}
}
