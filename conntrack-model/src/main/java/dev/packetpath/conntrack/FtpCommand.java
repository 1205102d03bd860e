package dev.packetpath.conntrack;

import dev.packetpath.core.net.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an FTP command or answer says that the data connection goes (RFC 959 for PORT and 227, RFC
 * 2428 for EPRT and 229), read as net/netfilter/nf_conntrack_ftp.c (Linux 6.1) reads it.
 *
 * @param form how it is written
 * @param address the address, {@link IpAddress#ANY_V4} if none is said
 * @param port the port
 * @param begin where what NAT replaces begins in the text
 * @param end where it ends
 */
record FtpCommand(Form form, IpAddress address, int port, int begin, int end) {
  /** The four ways to say it. */
  enum Form {
    PORT("PORT", true, " (NUMBERS)\\r"),
    EPRT("EPRT", true, " (\\|([12])\\|([0-9a-f.:]+)\\|(\\d+)\\|)\\r"),
    PASSIVE("227 ", false, "[^0-9]*(NUMBERS)"),
    EXTENDED_PASSIVE("229 ", false, "[^(]*\\((\\|\\|\\|(\\d+)\\|)\\)");

    private final String word;
    private final boolean fromClient;
    private final Pattern arguments;

    Form(String word, boolean fromClient, String arguments) {
      this.word = word;
      this.fromClient = fromClient;
      this.arguments =
          Pattern.compile(
              arguments.replace("NUMBERS", "(\\d+),(\\d+),(\\d+),(\\d+),(\\d+),(\\d+)"),
              Pattern.CASE_INSENSITIVE);
    }

    /** Returns what NAT writes in place of an address and port. */
    String text(IpAddress address, int port) {
      return switch (this) {
        case PORT, PASSIVE ->
            address.toString().replace('.', ',') + "," + (port >>> 8) + "," + (port & 0xff);
        case EPRT ->
            "|" + (address.toString().indexOf(':') < 0 ? 1 : 2) + "|" + address + "|" + port + "|";
        case EXTENDED_PASSIVE -> "|||" + port + "|";
      };
    }
  }

  /** What a line turned out to be. */
  enum Reading {
    /** A command, read. */
    COMMAND,
    /** None that announces anything. */
    OTHER,
    /** One that is cut short or spoilt. */
    PARTIAL
  }

  /**
   * What there is at the beginning of a payload.
   *
   * @param reading what it is
   * @param command the command, present for {@link Reading#COMMAND}
   */
  record Line(Reading reading, Optional<FtpCommand> command) {
    private static final Line OTHER = new Line(Reading.OTHER, Optional.empty());
    private static final Line PARTIAL = new Line(Reading.PARTIAL, Optional.empty());
  }

  static Line read(byte[] payload, boolean fromClient) {
    String text = new String(payload, StandardCharsets.ISO_8859_1);
    for (Form form : Form.values()) {
      Line line = form.fromClient == fromClient ? read(text, form) : Line.OTHER;
      if (line.reading() != Reading.OTHER) {
        return line;
      }
    }
    return Line.OTHER;
  }

  private static Line read(String text, Form form) {
    int common = Math.min(text.length(), form.word.length());
    boolean begins = text.regionMatches(true, 0, form.word, 0, common);
    if (!begins || common == 0) {
      return Line.OTHER;
    }
    if (text.length() <= form.word.length()) {
      return Line.PARTIAL;
    }
    Matcher found = form.arguments.matcher(text).region(form.word.length(), text.length());
    return found.lookingAt() ? command(form, found) : Line.PARTIAL;
  }

  private static Line command(Form form, Matcher found) {
    return switch (form) {
      case PORT, PASSIVE -> {
        int[] numbers = new int[6];
        boolean bytes = true;
        for (int i = 0; i < numbers.length; i++) {
          String digits = found.group(i + 2);
          numbers[i] = digits.length() > 3 ? 256 : Integer.parseInt(digits);
          bytes &= numbers[i] <= 255;
        }
        int bits = numbers[0] << 24 | numbers[1] << 16 | numbers[2] << 8 | numbers[3];
        yield bytes
            ? line(form, IpAddress.ipv4(bits), numbers[4] << 8 | numbers[5], found)
            : Line.PARTIAL;
      }
      case EPRT -> {
        String address = found.group(3).toLowerCase(Locale.ROOT);
        boolean six = found.group(2).equals("2");
        yield IpAddress.isAddress(address) && address.indexOf(':') >= 0 == six
            ? port(form, IpAddress.parse(address), found.group(4), found)
            : Line.PARTIAL;
      }
      case EXTENDED_PASSIVE -> port(form, IpAddress.ANY_V4, found.group(2), found);
    };
  }

  private static Line port(Form form, IpAddress address, String digits, Matcher found) {
    int port = digits.length() > 5 ? 0 : Integer.parseInt(digits);
    return port == 0 || port > 0xffff ? Line.PARTIAL : line(form, address, port, found);
  }

  private static Line line(Form form, IpAddress address, int port, Matcher found) {
    return new Line(
        Reading.COMMAND,
        Optional.of(new FtpCommand(form, address, port, found.start(1), found.end(1))));
  }
}
