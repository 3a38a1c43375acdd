package dev.tagstream.topology.evaluate;

import java.util.ArrayList;
import java.util.List;

/**
 * A page of headings, texts, tables and pictures that loads nothing from elsewhere and runs no
 * script. It follows the reader's light or dark scheme, and whatever is wider or longer than its
 * place scrolls there, by keyboard too. Texts come from outside: every one is escaped.
 */
final class HtmlPage {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
      <link rel="icon" href="data:,">
      <title>%1$s</title>
      <style>
      :root { color-scheme: light dark; }
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
      h1, h2 { line-height: 1.25; overflow-wrap: anywhere; }
      h2 { font-size: 1.25rem; margin: 2.2rem 0 .4rem; }
      p { max-width: 44rem; margin: .4rem 0; }
      nav { display: flex; flex-wrap: wrap; gap: .2rem 1rem; }
      table { border-collapse: collapse; }
      td, th { text-align: left; vertical-align: top; padding: .2rem 1.1rem .2rem 0; border-bottom: 1px solid #8886; }
      td.name, th.name { overflow-wrap: anywhere; min-width: 7rem; max-width: 30rem; }
      tbody th { font-weight: normal; }
      td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
      td.number { white-space: nowrap; }
      thead th { position: sticky; top: 0; background: Canvas; vertical-align: bottom; }
      .region { overflow: auto; max-height: 36rem; }
      .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: 1rem; margin-top: .8rem; }
      figure { margin: 0; overflow-wrap: anywhere; font-size: 13px; }
      figure img { display: block; width: 100%%; aspect-ratio: 1; background: #8882; }
      figcaption { margin-top: .3rem; }
      .file { opacity: .75; }
      pre { margin: .5rem 0; padding: .8rem; background: #8881; font-size: 13px; }
      @media print { .region { max-height: none; overflow: visible; } figure { break-inside: avoid; } }
      </style></head><body>
      <h1>%1$s</h1>
      """;

  private final String title;
  private final StringBuilder body = new StringBuilder();
  private final List<String> headings = new ArrayList<>();

  HtmlPage(String title) {
    this.title = title;
  }

  void heading(String text) {
    headings.add(text);
    body.append("<h2 id=\"%s\">%s</h2>\n".formatted(lastHeading(), escaped(text)));
  }

  void text(String text) {
    body.append("<p>").append(escaped(text)).append("</p>\n");
  }

  /** A table below its heading; nothing where it has no rows. */
  void table(EvaluationTables.Table table, String explanation) {
    if (table.rows().isEmpty()) {
      return;
    }
    heading(table.title());
    if (!explanation.isEmpty()) {
      text(explanation);
    }
    region(() -> tableIn(table));
  }

  private void tableIn(EvaluationTables.Table table) {
    body.append("<table>\n");
    if (table.hasHeader()) {
      body.append("<thead><tr>");
      for (int column = 0; column < table.header().size(); column++) {
        cell("th scope=\"col\"", table.isName(column), table.header().get(column));
      }
      body.append("</tr></thead>\n");
    }
    body.append("<tbody>\n");
    for (List<String> row : table.rows()) {
      body.append("<tr>");
      for (int column = 0; column < row.size(); column++) {
        String element = column == 0 ? "th scope=\"row\"" : "td";
        cell(element, table.isName(column), row.get(column));
      }
      body.append("</tr>\n");
    }
    body.append("</tbody></table>\n");
  }

  private void cell(String element, boolean name, String text) {
    body.append(
        "<%s class=\"%s\">%s</%s>"
            .formatted(element, name ? "name" : "number", escaped(text), element.substring(0, 2)));
  }

  /** Text in its own lines, as it is. */
  void preformatted(String text) {
    region(() -> body.append("<pre>").append(escaped(text)).append("</pre>\n"));
  }

  /** What scrolls must take the keyboard's focus, and say what it is. */
  private void region(Runnable content) {
    body.append(
        "<div class=\"region\" role=\"region\" tabindex=\"0\" aria-labelledby=\"%s\">\n"
            .formatted(lastHeading()));
    content.run();
    body.append("</div>\n");
  }

  private String lastHeading() {
    return "part-" + headings.size();
  }

  /**
   * Pictures in a grid.
   *
   * @param figures HTML of {@link #figure}
   */
  void pictures(List<String> figures) {
    body.append("<div class=\"pictures\">\n").append(String.join("\n", figures));
    body.append("\n</div>\n");
  }

  /**
   * A picture with its caption.
   *
   * @param data the picture as a {@code data:} address, or why there is none
   * @param lines of the caption; the last one names the file
   */
  static String figure(String data, List<String> lines) {
    String alternative = escaped(String.join(", ", lines));
    StringBuilder figure = new StringBuilder("<figure>");
    figure.append(
        data.startsWith("data:")
            ? "<img alt=\"%s\" src=\"%s\">".formatted(alternative, data)
            : "<p>" + escaped(data) + "</p>");
    figure.append("<figcaption>");
    for (String line : lines.subList(0, lines.size() - 1)) {
      figure.append(escaped(line)).append("<br>");
    }
    figure.append("<span class=\"file\">").append(escaped(lines.get(lines.size() - 1)));
    return figure.append("</span></figcaption></figure>").toString();
  }

  String html() {
    StringBuilder html = new StringBuilder(HEAD.formatted(escaped(title)));
    html.append("<nav aria-label=\"Parts of this report\">\n");
    for (int i = 0; i < headings.size(); i++) {
      html.append("<a href=\"#part-%d\">%s</a>\n".formatted(i + 1, escaped(headings.get(i))));
    }
    return html.append("</nav>\n").append(body).append("</body></html>\n").toString();
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
