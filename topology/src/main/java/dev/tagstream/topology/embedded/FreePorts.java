package dev.tagstream.topology.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** TCP ports on the loopback interface. */
final class FreePorts {

  static final String LOOPBACK = InetAddress.getLoopbackAddress().getHostAddress();

  private FreePorts() {}

  /** A port that was free a moment ago. */
  static int next() {
    try (ServerSocket socket = bound(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new EmbeddedBrokerException(
          "No free TCP port on " + LOOPBACK + ": " + e.getMessage(), e);
    }
  }

  /** The given port, if it is free. */
  static int claim(int port) {
    try (ServerSocket socket = bound(port)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw taken(port, e);
    }
  }

  static EmbeddedBrokerException taken(int port, Exception cause) {
    return new EmbeddedBrokerException(
        "Port " + port + " is in use; stop what listens there or choose another port.", cause);
  }

  private static ServerSocket bound(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      // As the broker does: a port in TIME_WAIT from a broker just stopped counts as free.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
