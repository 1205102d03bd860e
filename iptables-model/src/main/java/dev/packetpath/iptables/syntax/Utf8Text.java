package dev.packetpath.iptables.syntax;

/** The limits of iptables count bytes, in UTF-8 here. */
public final class Utf8Text {
  private Utf8Text() {}

  /** Returns the number of bytes of a text; half a surrogate pair counts as three. */
  public static int length(String text) {
    int bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        bytes += extraBytes(text, i);
      }
    }
    return bytes;
  }

  /** Returns the longest start of a text that has at most so many bytes. */
  public static String truncated(String text, int maxBytes) {
    if (text.length() <= maxBytes / 3) {
      return text;
    }
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      bytes += 1 + extraBytes(text, i);
      if (bytes > maxBytes) {
        boolean isPair = i > 0 && Character.isSurrogatePair(text.charAt(i - 1), text.charAt(i));
        return text.substring(0, isPair ? i - 1 : i);
      }
    }
    return text;
  }

  /** The bytes beyond one of a char: two each for a pair of surrogates would be one too many. */
  private static int extraBytes(String text, int i) {
    char c = text.charAt(i);
    if (c < 0x80) {
      return 0;
    }
    if (c < 0x800) {
      return 1;
    }
    boolean startsPair =
        Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1));
    boolean endsPair =
        Character.isLowSurrogate(c) && i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    return startsPair || endsPair ? 1 : 2;
  }
}
