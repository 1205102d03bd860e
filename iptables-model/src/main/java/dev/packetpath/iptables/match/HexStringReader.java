package dev.packetpath.iptables.match;

import dev.packetpath.core.SyntaxException;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * Reads {@code --hex-string}: text, with bytes in hexadecimal between two {@code |}, and {@code \\}
 * before a character that is meant as it is. What the real tool does with unusual input (such as a
 * {@code |} right behind a closing one) is done alike.
 *
 * <p>Source: libxt_string, parse_hex_string, iptables 1.8.9.
 */
final class HexStringReader {
  private final OptionValues options;
  private final OptionValues.Given given;
  private final String text;
  private final StringBuilder bytes = new StringBuilder();
  private int at;

  HexStringReader(OptionValues options, OptionValues.Given given, String text) {
    this.options = options;
    this.given = given;
    this.text = text;
  }

  String read() {
    boolean hexadecimal = false;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\') {
        if (hexadecimal) {
          throw error("\"\\\" between two \"|\"", "hexadecimal digits");
        }
        literal();
        continue;
      }
      if (c == '|') {
        hexadecimal = !hexadecimal;
        at++;
        while (hexadecimal && at < text.length() && text.charAt(at) == ' ') {
          at++;
        }
        if (at >= text.length()) {
          break;
        }
      }
      if (hexadecimal) {
        hexadecimalByte();
      } else {
        bytes.append(text.charAt(at++));
      }
    }
    return bytes.toString();
  }

  private void literal() {
    if (at + 1 >= text.length()) {
      throw error("\"\\\" at the end", "a character behind it");
    }
    bytes.append(text.charAt(at + 1));
    at += 2;
  }

  private void hexadecimalByte() {
    if (at + 2 >= text.length()) {
      throw error("an open block \"" + text.substring(at) + "\"", "two digits a byte and \"|\"");
    }
    bytes.append((char) (digit(at) << 4 | digit(at + 1)));
    at += text.charAt(at + 2) == ' ' ? 3 : 2;
  }

  private int digit(int index) {
    int digit = Character.digit(text.charAt(index), 16);
    if (digit < 0) {
      throw error("\"" + text.charAt(index) + "\"", "a hexadecimal digit");
    }
    return digit;
  }

  private SyntaxException error(String found, String expected) {
    return options.error(given, found + " in \"" + given.value() + "\"", expected);
  }
}
