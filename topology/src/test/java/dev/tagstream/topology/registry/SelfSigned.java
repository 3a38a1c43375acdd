package dev.tagstream.topology.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate for 127.0.0.1 that nobody has signed, made by the JDK's keytool. */
record SelfSigned(Path keyStore, Path trustStore) {
  static final String PASSWORD = "changeit";

  static SelfSigned in(Path folder) throws Exception {
    Path keys = folder.resolve("keys.p12");
    Path trust = folder.resolve("trust.p12");
    Path certificate = folder.resolve("server.crt");
    keytool(
        keys,
        List.of(
            "-genkeypair", "-keyalg", "EC", "-dname", "CN=registry", "-ext", "san=ip:127.0.0.1"));
    keytool(keys, List.of("-exportcert", "-file", certificate.toString()));
    keytool(trust, List.of("-importcert", "-noprompt", "-file", certificate.toString()));
    return new SelfSigned(keys, trust);
  }

  private static void keytool(Path store, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(arguments);
    command.addAll(
        List.of("-alias", "registry", "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore"));
    command.add(store.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(output);
    }
  }

  SSLContext serverContext() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keyStore)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
