package dev.tagstream.model.hub;

import org.jspecify.annotations.Nullable;

/** What a hub's refusal means for the person who asked. */
final class Refusals {

  private Refusals() {}

  /**
   * Passes an answer of 200 or 206.
   *
   * @throws HubException for any other, saying what to do
   */
  static void check(HubHttp.Answer answer, ModelReference model, HubOptions options) {
    int status = answer.status();
    if (status == 200 || status == 206) {
      return;
    }
    if (answer.isHtml() && status != 401 && status != 403 && status != 404) {
      throw notTheHub(options, answer, null);
    }
    throw new HubException(
        switch (status) {
          case 401 ->
              answer.header("X-Error-Code").equals("GatedRepo")
                  ? forbidden(model, options)
                  : unauthorised(answer, model, options);
          case 403 -> forbidden(model, options);
          case 404 -> missing(answer, model, options);
          case 429 ->
              "The hub at %s is still busy after several tries (status 429). Try later; a token (hub.token) often raises the limit."
                  .formatted(options.base());
          default ->
              "The hub at %s answered with status %d%s. Try later, or check hub.url."
                  .formatted(options.base(), status, said(answer));
        });
  }

  /** A page or anything else that no hub sends. */
  static HubException notTheHub(
      HubOptions options, HubHttp.Answer answer, @Nullable Throwable cause) {
    return new HubException(
        "%s answered with %s where a hub would not (status %d): a proxy's or a login's page? Nothing of it was kept; check hub.url and the proxy."
            .formatted(
                options.base(),
                answer.header("Content-Type").isBlank()
                    ? "something"
                    : PlainText.of(answer.header("Content-Type"), 80),
                answer.status()),
        cause);
  }

  private static String unauthorised(
      HubHttp.Answer answer, ModelReference model, HubOptions options) {
    if (options.token().isPresent()) {
      return "The hub does not accept the token for %s%s. Check hub.token and that it may read this model."
          .formatted(model, said(answer));
    }
    return "There is no public model %s at %s. Check the spelling; if it is private or gated, set hub.token ($TAGSTREAM_HUB_TOKEN or $HF_TOKEN)."
        .formatted(model.repository(), options.base());
  }

  private static String forbidden(ModelReference model, HubOptions options) {
    return ("%s is gated: its licence has to be accepted by a person first. Open %s/%s, accept it, and set hub.token to a token of that account"
            + (options.token().isPresent() ? " (the one that is set has no access)." : "."))
        .formatted(model.repository(), options.base(), model.repository());
  }

  private static String missing(HubHttp.Answer answer, ModelReference model, HubOptions options) {
    String code = answer.header("X-Error-Code");
    if (code.equals("RevisionNotFound") || (code.isEmpty() && model.revision().isPresent())) {
      return "%s has no revision '%s' at %s (any more). Leave @REVISION out, or name another."
          .formatted(model.repository(), model.revisionOrMain(), options.base());
    }
    if (code.equals("EntryNotFound")) {
      return "A file of %s that the hub's record lists is gone. Pull again.".formatted(model);
    }
    return "There is no model %s at %s. Check the spelling; if it is private, set hub.token."
        .formatted(model.repository(), options.base());
  }

  private static String said(HubHttp.Answer answer) {
    String message = PlainText.of(answer.header("X-Error-Message"), 200);
    return message.isEmpty() ? "" : " (" + message + ")";
  }
}
