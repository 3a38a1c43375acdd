package dev.tagstream.model.hub;

/** Text of the other side, made fit for a terminal, a log and a lock file. */
final class PlainText {

  private PlainText() {}

  /**
   * One line without control and formatting characters (escape sequences, reversed writing), of at
   * most so many characters.
   */
  static String of(String text, int most) {
    StringBuilder plain = new StringBuilder();
    boolean space = false;
    for (int i = 0; i < text.length() && plain.length() < most; ) {
      int character = text.codePointAt(i);
      i += Character.charCount(character);
      if (Character.isWhitespace(character) || Character.isSpaceChar(character)) {
        space = plain.length() > 0;
      } else if (isShown(character)) {
        if (space) {
          plain.append(' ');
          space = false;
        }
        plain.appendCodePoint(character);
      }
    }
    return plain.toString();
  }

  private static boolean isShown(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
