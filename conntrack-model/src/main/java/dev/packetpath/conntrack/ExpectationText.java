package dev.packetpath.conntrack;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and writes what {@code conntrack -L expect} prints (conntrack-tools 1.4.7), of connections
 * from any port of one address to one port of another.
 */
public final class ExpectationText {
  private static final String MASK_V4 = "255.255.255.255";
  private static final String MASK_V6 = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";

  /** The words of a line in their order; what stands behind the last = is the value's form. */
  private static final String[] WORDS = {
    "proto=N",
    "src=A",
    "dst=A",
    "sport=0",
    "dport=N",
    "mask-src=M",
    "mask-dst=M",
    "sport=0",
    "dport=65535",
    "master-src=A",
    "master-dst=A",
    "sport=N",
    "dport=N",
  };

  private static final Pattern WORD = Pattern.compile("\\S+");

  private ExpectationText() {}

  /**
   * Returns the expectations of a text, one a line. Empty lines and the line with which the tool
   * closes are passed over.
   *
   * @param file what to call the text in errors
   * @throws SyntaxException if a line is no expectation, or one that no helper here makes
   * @throws IOException if the reader fails
   */
  public static ImmutableList<ExpectationEntry> read(String file, Reader text) throws IOException {
    ImmutableList.Builder<ExpectationEntry> entries = ImmutableList.builder();
    BufferedReader lines = new BufferedReader(text);
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (!line.isBlank() && !line.startsWith("conntrack v")) {
        entries.add(new Line(file, number, line).parse());
      }
    }
    return entries.build();
  }

  /** Returns the expectations as the tool lists them, each line with its end. */
  public static String print(Iterable<ExpectationEntry> entries) {
    StringBuilder text = new StringBuilder();
    entries.forEach(entry -> text.append(print(entry)).append('\n'));
    return text.toString();
  }

  /** Returns the line of an expectation, without its end. */
  public static String print(ExpectationEntry entry) {
    Tuple tuple = entry.tuple();
    String mask = tuple.family() == IpFamily.IPV4 ? MASK_V4 : MASK_V6;
    StringBuilder text = new StringBuilder(256);
    text.append(entry.remainingSeconds()).append(" proto=").append(tuple.protocol()).append(' ');
    append(text, "", tuple.source(), tuple.destination(), 0, tuple.destinationPort());
    text.append("mask-src=").append(mask).append(" mask-dst=").append(mask);
    text.append(" sport=0 dport=65535 ");
    Tuple master = entry.master();
    append(
        text,
        "master-",
        master.source(),
        master.destination(),
        master.sourcePort(),
        master.destinationPort());
    if (entry.zone() != 0) {
      text.append("zone=").append(entry.zone()).append(' ');
    }
    return text.append("class=0 helper=").append(entry.helper()).toString();
  }

  private static void append(
      StringBuilder text, String prefix, IpAddress from, IpAddress to, int sport, int dport) {
    text.append(prefix).append("src=").append(from).append(' ');
    text.append(prefix).append("dst=").append(to);
    text.append(" sport=").append(sport).append(" dport=").append(dport).append(' ');
  }

  /** Reads one line. */
  private static final class Line {
    private final String file;
    private final int number;
    private final String line;
    private final Matcher words;
    private int start;

    Line(String file, int number, String line) {
      this.file = file;
      this.number = number;
      this.line = line;
      this.words = WORD.matcher(line);
    }

    ExpectationEntry parse() {
      long seconds = number(next("the seconds left"), Timeout.MAX_SECONDS);
      String[] values = new String[WORDS.length];
      for (int i = 0; i < WORDS.length; i++) {
        int equals = WORDS[i].indexOf('=') + 1;
        String form = WORDS[i].substring(equals);
        values[i] = value(WORDS[i].substring(0, equals), form);
        boolean otherFamily =
            switch (form) {
              case "A" -> isV4(values[i]) != isV4(values[1]);
              case "M" -> values[i].equals(MASK_V4) != isV4(values[1]);
              default -> false;
            };
        if (otherFamily) {
          throw wrong(values[i], "one of the family of " + values[1]);
        }
      }
      String word = next("class=0");
      int zone = 0;
      if (word.startsWith("zone=")) {
        zone = (int) numberAfter("zone=", word, 0xffff);
        word = next("class=0");
      }
      if (!word.equals("class=0")) {
        throw wrong(word, "class=0");
      }
      String helper = after(next("helper="), "helper=");
      if (words.find()) {
        start = words.start();
        throw wrong(words.group(), "the end of the line");
      }
      int protocol = Integer.parseInt(values[0]);
      Tuple tuple = tuple(protocol, values[1], values[3], values[2], values[4]);
      Tuple master = tuple(protocol, values[9], values[11], values[10], values[12]);
      return new ExpectationEntry(seconds, tuple, master, zone, helper);
    }

    /** Returns the value of the next word, checked as its form says. */
    private String value(String name, String form) {
      String word = next(name);
      String value = after(word, name);
      boolean good =
          switch (form) {
            case "N" -> numberAfter(name, word, name.equals("proto=") ? 0xff : 0xffff) >= 0;
            case "A" -> IpAddress.isAddress(value);
            case "M" -> value.equals(MASK_V4) || value.equals(MASK_V6);
            default -> value.equals(form);
          };
      if (!good) {
        throw wrong(
            word,
            switch (form) {
              case "A" -> name + " and an IP address";
              case "M" -> name + MASK_V4 + " or " + MASK_V6;
              default -> name + form;
            });
      }
      return value;
    }

    private static boolean isV4(String address) {
      return address.indexOf(':') < 0;
    }

    private static Tuple tuple(int protocol, String from, String sport, String to, String dport) {
      return Tuple.of(
          protocol,
          IpAddress.parse(from),
          Integer.parseInt(sport),
          IpAddress.parse(to),
          Integer.parseInt(dport));
    }

    private String after(String word, String name) {
      if (!word.startsWith(name) || word.length() == name.length()) {
        throw wrong(word, name);
      }
      return word.substring(name.length());
    }

    private long numberAfter(String name, String word, long most) {
      String digits = after(word, name);
      start += name.length();
      return number(digits, most);
    }

    private long number(String digits, long most) {
      boolean good = digits.matches("\\d{1,10}") && Long.parseLong(digits) <= most;
      if (!good) {
        throw wrong(digits, "a number 0.." + most);
      }
      return Long.parseLong(digits);
    }

    private String next(String expected) {
      if (!words.find()) {
        start = line.length();
        throw new SyntaxException(file, number, start + 1, "the end of the line", expected);
      }
      start = words.start();
      return words.group();
    }

    private SyntaxException wrong(String found, String expected) {
      return new SyntaxException(file, number, start + 1, "\"" + found + "\"", expected);
    }
  }
}
