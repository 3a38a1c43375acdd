package dev.tagstream.topology.cli;

import dev.tagstream.topology.config.LoadedConfig;
import dev.tagstream.topology.config.MemoryBudget;
import dev.tagstream.topology.config.Setting;
import dev.tagstream.topology.config.SettingReference;
import dev.tagstream.topology.config.TagstreamConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the configuration. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Print the effective configuration, secrets masked.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream config --set batch.maxSize=64",
      "  tagstream config --reference > tagstream.yaml   every setting, with its default",
      "  TAGSTREAM_MODEL_DEVICE=cpu tagstream config --json"
    })
final class ConfigCommand implements Callable<Integer> {
  /** The input of the common CLIP checkpoints: what the printed estimate of memory assumes. */
  private static final int COMMON_IMAGE_SIDE = 224;

  private final Terminal terminal;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(names = "--json", description = "One JSON object: key to value.")
  private boolean json;

  @Option(
      names = "--reference",
      description = "Every setting with its default, what is allowed and its variable, as YAML.")
  private boolean reference;

  ConfigCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (reference) {
      printReference();
      return 0;
    }
    LoadedConfig loaded = options.load(terminal);
    if (json) {
      Map<String, Object> values = new LinkedHashMap<>();
      loaded.settings().forEach(setting -> values.put(setting.key(), setting.value()));
      terminal.out().println(Json.line(values));
    } else {
      printEffective(loaded);
    }
    return 0;
  }

  private void printEffective(LoadedConfig loaded) {
    YamlPrinter yaml = new YamlPrinter(terminal.out());
    for (Setting setting : loaded.settings()) {
      String origin = setting.origin().equals(Setting.DEFAULT) ? "" : "  # " + setting.origin();
      yaml.print(setting.key(), setting.value(), origin);
    }
    TagstreamConfig config = loaded.config();
    MemoryBudget budget =
        MemoryBudget.of(
            config,
            config.topics().partitions(),
            config.batch().sizeOn(config.model().devices().get(0).toString()),
            COMMON_IMAGE_SIDE);
    terminal
        .out()
        .printf(
            "%n# At most %s.%n# (%d partitions; a model of %d pixels.)%n",
            budget.describe(), config.topics().partitions(), COMMON_IMAGE_SIDE);
  }

  private void printReference() {
    terminal
        .out()
        .print(
            """
            # Every setting with its default. Later wins: this file, the variable, --set.
            # The sections kafka and registry.properties are open: what stands there is
            # passed to the Kafka clients and to the registry client by their own names.
            """);
    YamlPrinter yaml = new YamlPrinter(terminal.out());
    for (SettingReference setting : SettingReference.all()) {
      yaml.print(
          setting.key(),
          setting.defaultValue(),
          "",
          setting.description(),
          setting.environment() + ": " + setting.allowed());
    }
  }
}
