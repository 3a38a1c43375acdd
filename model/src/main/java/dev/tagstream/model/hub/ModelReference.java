package dev.tagstream.model.hub;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model as people name it: {@code OWNER/NAME}, or {@code OWNER/NAME@REVISION}.
 *
 * @param revision a branch, a tag or a commit; empty: {@value #MAIN}
 */
public record ModelReference(String owner, String name, Optional<String> revision) {
  /** The branch that stands for the model when no revision is named. */
  public static final String MAIN = "main";

  // The hub's own rule for names, so that a name is always one folder name.
  private static final String NAME = "([A-Za-z0-9](?:[A-Za-z0-9_]|[.-](?![.-])){0,95})";
  private static final Pattern FORM =
      Pattern.compile(
          NAME + "/" + NAME + "(?:@([A-Za-z0-9](?:[A-Za-z0-9_/-]|[.](?![.])){0,199}))?");

  /** Whether the text has the form of a model's name, so that it may be one. */
  public static boolean hasForm(String text) {
    return FORM.matcher(text).matches();
  }

  /**
   * Reads a name.
   *
   * @throws HubException if the text has another form
   */
  public static ModelReference parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new HubException(
          "'%s' is not the name of a model; write OWNER/NAME or OWNER/NAME@REVISION, such as openai/clip-vit-base-patch32."
              .formatted(PlainText.of(text, 200)));
    }
    return new ModelReference(
        matcher.group(1), matcher.group(2), Optional.ofNullable(matcher.group(3)));
  }

  /** {@code OWNER/NAME}. */
  public String repository() {
    return owner + "/" + name;
  }

  /** The revision to ask the hub for. */
  public String revisionOrMain() {
    return revision.orElse(MAIN);
  }

  /** As it is written on a command line. */
  @Override
  public String toString() {
    return repository() + revision.map(named -> "@" + named).orElse("");
  }
}
