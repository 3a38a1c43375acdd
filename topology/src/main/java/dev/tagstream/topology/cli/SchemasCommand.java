package dev.tagstream.topology.cli;

import dev.tagstream.schemas.CompatibilityFinding;
import dev.tagstream.schemas.SchemaCompatibility;
import dev.tagstream.schemas.SchemaExport;
import dev.tagstream.schemas.SchemaRegistration;
import dev.tagstream.schemas.SchemaRegistration.Outcome;
import dev.tagstream.schemas.SchemaRegistration.Registration;
import dev.tagstream.schemas.TopicRecord;
import dev.tagstream.topology.config.TagstreamConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Registers and checks the schemas. */
@Command(
    name = "schemas",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Register the schemas, or check that they fit all earlier ones.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  tagstream schemas check                 for CI: against the registry and every release",
      "  tagstream schemas check --offline       against the releases only",
      "  tagstream schemas register --set registry.urls=https://registry:8081",
      "  tagstream schemas show IMAGE_EVENT",
      "  tagstream schemas export build/schemas  for publishers in other languages"
    })
final class SchemasCommand {
  private final Terminal terminal;

  SchemasCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Command(
      name = "register",
      mixinStandardHelpOptions = true,
      description = "Register all five schemas, or none if one does not fit.")
  int register(
      @Mixin ConfigOptions options,
      @Option(names = "--json", description = "One JSON object a schema.") boolean json) {
    TagstreamConfig config = options.load(terminal).config();
    List<Registration> results =
        SchemaRegistration.register(config.registry().client(), config.topics().byRecord());
    for (Registration result : results) {
      String outcome = result.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      if (json) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("subject", result.subject());
        line.put("outcome", outcome);
        line.put("id", result.id());
        line.put("problems", result.problems());
        terminal.out().println(Json.line(line));
      } else {
        terminal.out().printf("%-28s %s%n", result.subject(), outcome);
      }
      result.problems().forEach(problem -> terminal.err().println("! " + problem));
    }
    boolean registered =
        results.stream()
            .allMatch(
                result ->
                    result.outcome() == Outcome.REGISTERED
                        || result.outcome() == Outcome.UNCHANGED);
    return registered ? 0 : CliFailure.FAILED;
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description =
          "Compare all schemas with every released version and with every version in the registry;"
              + " exit code 1 if one does not fit.")
  int check(
      @Mixin ConfigOptions options,
      @Option(names = "--offline", description = "Leave the registry out.") boolean offline,
      @Option(names = "--json", description = "One JSON object a comparison.") boolean json) {
    TagstreamConfig config = options.load(terminal).config();
    List<CompatibilityFinding> findings = new ArrayList<>(SchemaCompatibility.againstReleases());
    if (!offline) {
      findings.addAll(
          SchemaCompatibility.againstRegistry(
              config.registry().client(), config.topics().byRecord()));
    }
    for (CompatibilityFinding finding : findings) {
      print(finding, json);
    }
    long problems = findings.stream().filter(finding -> !finding.compatible()).count();
    terminal
        .err()
        .printf("%d of %d comparisons fit%n", findings.size() - problems, findings.size());
    return problems == 0 ? 0 : CliFailure.FAILED;
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Print a schema, as it stands in the registry.")
  int show(
      @Parameters(paramLabel = "RECORD", description = "${COMPLETION-CANDIDATES}.")
          TopicRecord record) {
    terminal.out().println(record.schemaTextIndented());
    return 0;
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = "Write every schema as a file, each complete in itself.")
  int export(
      @Parameters(paramLabel = "FOLDER", description = "Made if need be; files are overwritten.")
          Path folder)
      throws IOException {
    SchemaExport.write(folder).forEach(file -> terminal.out().println(file));
    return 0;
  }

  private void print(CompatibilityFinding finding, boolean json) {
    if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("record", finding.record().recordName());
      line.put("against", finding.against());
      line.put("compatible", finding.compatible());
      line.put("problems", finding.problems());
      terminal.out().println(Json.line(line));
    } else {
      terminal
          .out()
          .printf(
              "%-16s %-40s %s%n",
              finding.record().recordName(),
              finding.against(),
              finding.compatible() ? "fits" : "DOES NOT FIT");
      finding.problems().forEach(problem -> terminal.err().println("! " + problem));
    }
  }
}
