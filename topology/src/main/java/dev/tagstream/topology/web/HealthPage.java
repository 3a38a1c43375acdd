package dev.tagstream.topology.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tagstream.topology.web.HealthCheck.Finding;
import dev.tagstream.topology.web.WebServer.Page;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The answer to a probe: 200 if every check holds, else 503, with what each found.
 *
 * @param good the status in a word when all holds
 * @param bad and when not
 */
public record HealthPage(String good, String bad, List<HealthCheck> checks)
    implements Supplier<Page> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  @Override
  public Page get() {
    boolean well = true;
    Map<String, Finding> findings = new LinkedHashMap<>();
    for (HealthCheck check : checks) {
      Finding finding = find(check);
      well &= finding.ok();
      findings.put(check.name(), finding);
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", well ? good : bad);
    answer.put("checks", findings);
    try {
      return Page.json(well ? OK : UNAVAILABLE, JSON.writeValueAsString(answer) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Findings are plain text", e);
    }
  }

  /** A check that breaks has not found that all is well. */
  private static Finding find(HealthCheck check) {
    try {
      return check.find().get();
    } catch (RuntimeException e) {
      return Finding.bad("could not be checked: " + e);
    }
  }
}
