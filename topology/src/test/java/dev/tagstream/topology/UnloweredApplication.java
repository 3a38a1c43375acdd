package dev.tagstream.topology;

import dev.tagstream.topology.commit.ControlClients;
import dev.tagstream.topology.config.ConfigLoader;
import dev.tagstream.topology.config.TagstreamConfig;
import dev.tagstream.topology.tagging.ModelOnDevices;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The main of a child JVM: the application as it is, with clients that do not lower offsets. Ends
 * when its standard input does.
 */
public final class UnloweredApplication {

  private UnloweredApplication() {}

  /** Arguments: settings, as {@code key=value}. */
  public static void main(String[] args) throws IOException {
    Map<String, String> settings =
        Arrays.stream(args)
            .map(setting -> setting.split("=", 2))
            .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1]));
    TagstreamConfig config = ConfigLoader.defaults(settings);
    ModelOnDevices model = Models.load(config);
    TagstreamApplication application =
        TagstreamApplication.start(config, model, ControlClients.withoutLowering());
    while (System.in.read() >= 0) {
      // Nobody writes; only the end counts.
    }
    application.close();
    model.close();
  }
}
