package dev.packetpath.iptables.match;

import static com.google.common.base.Preconditions.checkArgument;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.BaseEncoding;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * The bytes that {@code -m string} looks for.
 *
 * @param bytes one character 0 to 255 for each byte, 1 to 128 of them
 */
public record SearchPattern(String bytes) {
  /** The most bytes. */
  public static final int MAX_BYTES = 128;

  /** Checks the length and the characters. */
  public SearchPattern {
    checkArgument(
        !bytes.isEmpty() && bytes.length() <= MAX_BYTES,
        "a pattern of 1 to %s bytes, found %s",
        MAX_BYTES,
        bytes.length());
    checkArgument(bytes.chars().allMatch(c -> c <= 0xff), "bytes, found \"%s\"", bytes);
  }

  /** Reads {@code --string} or {@code --hex-string}. */
  static SearchPattern read(OptionValues options, OptionValues.Given given) {
    String text = new String(given.value().getBytes(UTF_8), ISO_8859_1);
    String bytes =
        given.option().name().equals("--hex-string")
            ? new HexStringReader(options, given, text).read()
            : text;
    int most = given.option().name().equals("--hex-string") ? MAX_BYTES - 1 : MAX_BYTES;
    if (bytes.isEmpty() || bytes.length() > most) {
      throw options.error(given, bytes.length() + " bytes", "a pattern of 1 to " + most + " bytes");
    }
    return new SearchPattern(bytes);
  }

  /** Returns whether iptables-save prints it in hexadecimal. */
  boolean isHexadecimal() {
    return bytes.endsWith("\\") || bytes.chars().anyMatch(c -> c < ' ' || c > '~');
  }

  /** Returns the pattern in quotes as iptables-save prints it. */
  String quoted() {
    if (isHexadecimal()) {
      return "\"|" + BaseEncoding.base16().lowerCase().encode(bytes.getBytes(ISO_8859_1)) + "|\"";
    }
    return "\"" + bytes.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** Returns the first place of the pattern at or behind {@code from}, or -1. */
  int find(byte[] text, int from, boolean ignoreCase) {
    for (int start = from; start + bytes.length() <= text.length; start++) {
      int i = 0;
      while (i < bytes.length() && same(text[start + i] & 0xff, bytes.charAt(i), ignoreCase)) {
        i++;
      }
      if (i == bytes.length()) {
        return start;
      }
    }
    return -1;
  }

  private static boolean same(int one, int other, boolean ignoreCase) {
    return ignoreCase ? upper(one) == upper(other) : one == other;
  }

  /** Returns the upper case of a byte in Latin-1, as the kernel's ctype table has it. */
  private static int upper(int c) {
    boolean lower = (c >= 'a' && c <= 'z') || (c >= 0xdf && c != 0xf7);
    return lower ? c - 0x20 : c;
  }
}
