package dev.tagstream.topology.cli;

import picocli.CommandLine.IVersionProvider;

/** The version from the jar's manifest. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "tagstream " + (version == null ? "(development build)" : version),
      "Java " + System.getProperty("java.version")
    };
  }
}
