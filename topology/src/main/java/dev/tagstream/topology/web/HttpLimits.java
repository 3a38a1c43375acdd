package dev.tagstream.topology.web;

/**
 * Time limits of the JDK's HTTP server, which has none unless told by system properties, and reads
 * these once in the life of a JVM: apply them before the first server is made. Whoever sets them on
 * the command line has chosen.
 */
public final class HttpLimits {
  private static final String SECONDS = "10";

  private HttpLimits() {}

  /** Sets the limits that are not set yet. */
  public static void apply() {
    setUnlessSet("sun.net.httpserver.maxReqTime");
    setUnlessSet("sun.net.httpserver.maxRspTime");
  }

  private static void setUnlessSet(String property) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, SECONDS);
    }
  }
}
