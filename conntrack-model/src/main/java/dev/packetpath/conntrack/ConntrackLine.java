package dev.packetpath.conntrack;

import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Reads one line of {@code conntrack -L}. */
final class ConntrackLine {
  private static final ImmutableSet<String> WITHOUT_EFFECT =
      ImmutableSet.of("use", "secctx", "secmark", "delta-time", "timeout", "stream_timeout");

  /** One direction's words. */
  private static final class Way {
    private int start;
    private String source = "";
    private String destination = "";
    private int sourcePort;
    private int destinationPort;
    private int type;
    private int code;
    private long packets;
    private long bytes;
  }

  private final String file;
  private final int number;
  private final String line;
  private final Way original = new Way();
  private final Way reply = new Way();
  private int at;
  private int start;
  private int protocol;
  private long seconds;
  private String state = "";
  private int status = ConnectionStatus.CONFIRMED | ConnectionStatus.SEEN_REPLY;
  private int mark;
  private int zone;
  private final Set<Direction> zoneDirections = EnumSet.allOf(Direction.class);
  private boolean counted;
  private boolean trailer;
  private String helper = "";

  ConntrackLine(String file, int number, String line) {
    this.file = file;
    this.number = number;
    this.line = line;
  }

  ConntrackEntry parse() {
    String word = next("a protocol");
    if (word.equals("ipv4") || word.equals("ipv6")) {
      next("a family number");
      word = next("a protocol");
    }
    if (!word.matches("[a-z0-9]+")) {
      throw wrong(word, "a protocol name");
    }
    protocol = (int) number(next("a protocol number"), 255);
    Way way = original;
    for (word = next("src="); !word.isEmpty(); word = nextOrEnd()) {
      int equals = word.indexOf('=');
      if (equals < 0) {
        bare(word);
        continue;
      }
      String value = word.substring(equals + 1);
      String key = word.substring(0, equals);
      if (key.equals("src") && !original.source.isEmpty()) {
        way = reply;
      }
      if (key.equals("src")) {
        way.start = start;
      }
      start += equals + 1;
      assign(way, key, value);
    }
    start = line.length();
    if (original.source.isEmpty() || original.destination.isEmpty()) {
      throw wrong("the end of the line", "the original direction's src= and dst=");
    }
    if (reply.source.isEmpty() || reply.destination.isEmpty()) {
      throw wrong("the end of the line", "the reply direction's src= and dst=");
    }
    if (tuple(original).family() != tuple(reply).family()) {
      throw wrong(original.source + " and " + reply.source, "addresses of one family");
    }
    return new ConntrackEntry(
        tuple(original),
        tuple(reply),
        seconds,
        state,
        status,
        new Zone(
            zone,
            zoneDirections.contains(Direction.ORIGINAL),
            zoneDirections.contains(Direction.REPLY)),
        mark,
        0,
        0,
        counted,
        original.packets,
        original.bytes,
        reply.packets,
        reply.bytes,
        helper);
  }

  /** Returns the number of the line, from 1. */
  int number() {
    return number;
  }

  /** Returns the column in which a direction's addresses begin, from 1, once the line is read. */
  int column(Direction direction) {
    return (direction == Direction.ORIGINAL ? original : reply).start + 1;
  }

  private void bare(String word) {
    switch (word) {
      case "[UNREPLIED]" -> status &= ~ConnectionStatus.SEEN_REPLY;
      case "[ASSURED]" -> status |= ConnectionStatus.ASSURED;
      case "[OFFLOAD]" -> status |= ConnectionStatus.OFFLOAD | ConnectionStatus.ASSURED;
      case "[HW_OFFLOAD]" ->
          status |=
              ConnectionStatus.HW_OFFLOAD | ConnectionStatus.OFFLOAD | ConnectionStatus.ASSURED;
      default -> {
        if (!original.source.isEmpty()) {
          throw wrong(word, "a word of the form name=value or a flag in brackets");
        }
        if (Character.isDigit(word.charAt(0))) {
          seconds = number(word, Timeout.MAX_SECONDS);
        } else {
          state = stateName(word);
        }
      }
    }
  }

  private String stateName(String word) {
    try {
      return switch (protocol) {
        case IpProtocol.TCP -> {
          TcpState known = TcpState.valueOf(word);
          if (known.ordinal() > TcpState.SYN_SENT2.ordinal()) {
            throw new IllegalArgumentException(word);
          }
          yield word;
        }
        case IpProtocol.SCTP -> {
          if (SctpState.valueOf(word) == SctpState.INVALID) {
            throw new IllegalArgumentException(word);
          }
          yield word;
        }
        default -> word;
      };
    } catch (IllegalArgumentException unknown) {
      throw wrong(word, "a state of protocol " + protocol);
    }
  }

  private void assign(Way way, String key, String value) {
    switch (key) {
      case "src" -> way.source = address(value);
      case "dst" -> way.destination = address(value);
      case "sport" -> way.sourcePort = (int) number(value, 0xffff);
      case "dport" -> way.destinationPort = (int) number(value, 0xffff);
      case "srckey" -> way.sourcePort = (int) number(value, 0xffff);
      case "dstkey" -> way.destinationPort = (int) number(value, 0xffff);
      case "type" -> way.type = (int) number(value, 255);
      case "code" -> way.code = (int) number(value, 255);
      case "id" -> {
        if (!trailer) {
          way.sourcePort = (int) number(value, 0xffff);
        }
      }
      case "packets" -> {
        way.packets = number(value, Long.MAX_VALUE);
        counted = true;
      }
      case "bytes" -> way.bytes = number(value, Long.MAX_VALUE);
      case "mark" -> {
        mark = (int) number(value, 0xffff_ffffL);
        trailer = true;
      }
      case "helper" -> helper = value;
      case "zone" -> zone = (int) number(value, 0xffff);
      case "zone-orig" -> {
        zone = (int) number(value, 0xffff);
        zoneDirections.remove(Direction.REPLY);
      }
      case "zone-reply" -> {
        zone = (int) number(value, 0xffff);
        zoneDirections.remove(Direction.ORIGINAL);
      }
      default -> {
        if (!WITHOUT_EFFECT.contains(key)) {
          start -= key.length() + 1;
          throw wrong(key + "=", "a name that conntrack prints");
        }
        trailer |= key.equals("use");
      }
    }
  }

  private Tuple tuple(Way way) {
    IpAddress source = IpAddress.parse(way.source);
    IpAddress destination = IpAddress.parse(way.destination);
    if (source.family() != destination.family()) {
      throw wrong(way.source + " and " + way.destination, "addresses of one family");
    }
    return protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6
        ? Tuple.icmp(source, destination, way.sourcePort, way.type, way.code)
        : Tuple.of(protocol, source, way.sourcePort, destination, way.destinationPort);
  }

  private String address(String value) {
    if (!IpAddress.isAddress(value)) {
      throw wrong(value, "an IP address");
    }
    return value;
  }

  private long number(String text, long max) {
    try {
      String digits = text.endsWith(",") ? text.substring(0, text.length() - 1) : text;
      long value =
          digits.toLowerCase(Locale.ROOT).startsWith("0x")
              ? Long.parseLong(digits.substring(2), 16)
              : Long.parseLong(digits);
      if (value < 0 || value > max) {
        throw wrong(text, "a number 0.." + max);
      }
      return value;
    } catch (NumberFormatException e) {
      throw wrong(text, "a number");
    }
  }

  private String next(String expected) {
    String word = nextOrEnd();
    if (word.isEmpty()) {
      throw wrong("the end of the line", expected);
    }
    return word;
  }

  /** Returns the next word, "" at the end of the line. */
  private String nextOrEnd() {
    while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
      at++;
    }
    start = at;
    while (at < line.length() && !Character.isWhitespace(line.charAt(at))) {
      at++;
    }
    return line.substring(start, at);
  }

  private SyntaxException wrong(String found, String expected) {
    String quoted = found.startsWith("the end") ? found : "\"" + found + "\"";
    return new SyntaxException(file, number, start + 1, quoted, expected);
  }
}
