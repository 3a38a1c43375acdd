package dev.tagstream.topology.cli;

import dev.tagstream.schemas.AvroCodecs;
import dev.tagstream.topology.client.EventOptions;
import dev.tagstream.topology.client.EventPublisher;
import dev.tagstream.topology.client.PictureFile;
import dev.tagstream.topology.client.PictureFiles;
import dev.tagstream.topology.config.TagstreamConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes pictures. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description = "Publish picture files, or all pictures below folders, as image events.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream publish holiday.jpg --label-set default",
      "  tagstream publish ~/Pictures --by-reference --attribute album=all"
    })
final class PublishCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Parameters(paramLabel = "PICTURE", arity = "1..*", description = "Files or folders.")
  private List<Path> pictures = List.of();

  @Option(
      names = "--label-set",
      paramLabel = "NAME",
      description = "Label set to tag with; repeatable. Default: default.")
  private List<String> labelSets = List.of("default");

  @Option(names = "--embedding-only", description = "Ask for no labels.")
  private boolean embeddingOnly;

  @Option(
      names = "--by-reference",
      description =
          "Send file: URIs in place of the bytes; the application must be allowed to read them"
              + " (sources.file.allow).")
  private boolean byReference;

  @Option(
      names = "--key",
      paramLabel = "WHAT",
      defaultValue = "NAME",
      description =
          "Key of the records: ${COMPLETION-CANDIDATES}. Equal keys stay in order. Default: NAME.")
  private EventOptions.Key key = EventOptions.Key.NAME;

  @Option(
      names = "--attribute",
      paramLabel = "NAME=VALUE",
      description = "Copied to every result; repeatable.")
  private Map<String, String> attributes = new LinkedHashMap<>();

  @Option(names = "--json", description = "One JSON object an event: picture, partition, offset.")
  private boolean json;

  private final AtomicInteger failures = new AtomicInteger();

  PublishCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    TagstreamConfig config = options.load(terminal).config();
    List<PictureFile> files = PictureFiles.find(pictures);
    if (files.isEmpty()) {
      throw CliFailure.failed(
          "There is no picture (.jpg, .png, .webp, .gif, .bmp, .tiff) in " + pictures + ".");
    }
    EventOptions event =
        new EventOptions(embeddingOnly ? List.of() : labelSets, attributes, key, byReference);
    try (AvroCodecs codecs = Platform.connect(config);
        EventPublisher publisher = new EventPublisher(config, codecs);
        Progress progress = Progress.of(terminal, "publishing", files.size())) {
      for (PictureFile file : files) {
        publish(publisher, file, event, progress);
      }
      publisher.flush();
    }
    int failed = failures.get();
    terminal
        .err()
        .printf(
            "published %d of %d pictures to %s%n",
            files.size() - failed, files.size(), config.topics().events());
    return failed == 0 ? 0 : CliFailure.FAILED;
  }

  private void publish(
      EventPublisher publisher, PictureFile file, EventOptions event, Progress progress) {
    try {
      // Its end is waited for by flush().
      var unused =
          publisher
              .publish(file, event)
              .whenComplete(
                  (metadata, problem) -> {
                    progress.step();
                    report(file, metadata, problem);
                  });
    } catch (IOException e) {
      progress.step();
      report(file, null, e);
    }
  }

  private void report(
      PictureFile file, @Nullable RecordMetadata metadata, @Nullable Throwable problem) {
    if (metadata == null) {
      failures.incrementAndGet();
      terminal
          .err()
          .println(
              "! "
                  + file.name()
                  + ": "
                  + (problem == null ? "not sent" : Explanation.of(problem).sentence()));
    } else if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("picture", file.path().toString());
      line.put("topic", metadata.topic());
      line.put("partition", metadata.partition());
      line.put("offset", metadata.offset());
      terminal.out().println(Json.line(line));
    }
  }
}
