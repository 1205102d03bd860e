package dev.packetpath.conntrack;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.Locale;

/**
 * Reads and writes what {@code conntrack -L -o extended} prints (conntrack-tools 1.4.7). Reads also
 * the form without {@code -o extended} and that of {@code /proc/net/nf_conntrack}.
 */
public final class ConntrackText {
  private ConntrackText() {}

  /**
   * Returns the entries of a text, one a line. Empty lines and the line with which the tool closes
   * are passed over.
   *
   * @param file what to call the text in errors
   * @throws dev.packetpath.core.SyntaxException if a line is no entry, or one of a tuple that a
   *     line before it has
   * @throws IOException if the reader fails
   */
  public static ImmutableList<ConntrackEntry> read(String file, Reader text) throws IOException {
    ListedEntries entries = new ListedEntries(file);
    BufferedReader lines = new BufferedReader(text);
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (!line.isBlank() && !line.startsWith("conntrack v")) {
        entries.add(new ConntrackLine(file, number, line));
      }
    }
    return entries.all();
  }

  /** Returns the entries as the tool lists them, each line with its end. */
  public static String print(Iterable<ConntrackEntry> entries) {
    StringBuilder text = new StringBuilder();
    for (ConntrackEntry entry : entries) {
      text.append(print(entry)).append('\n');
    }
    return text.toString();
  }

  /** Returns the line of an entry, without its end. */
  public static String print(ConntrackEntry entry) {
    StringBuilder text = new StringBuilder(256);
    append(entry, entry.counted(), text);
    text.append("mark=").append(Integer.toUnsignedString(entry.mark())).append(' ');
    appendZone(entry, text);
    appendHelper(entry, text);
    return text.append("use=1").toString();
  }

  /**
   * Returns the line of {@code conntrack -E -o extended} for an event, without its end. Counters
   * are told of entries that ended alone, a mark where there is one or it changed.
   */
  public static String print(TableEvent event) {
    ConntrackEntry entry = event.entry();
    StringBuilder text = new StringBuilder(256);
    text.append(String.format(Locale.ROOT, "%9s ", "[" + event.kind() + "]"));
    append(entry, entry.counted() && event.kind() == TableEvent.Kind.DESTROY, text);
    if (entry.mark() != 0 || event.changes().contains(TableEvent.Change.MARK)) {
      text.append("mark=").append(Integer.toUnsignedString(entry.mark())).append(' ');
    }
    appendZone(entry, text);
    if (event.kind() != TableEvent.Kind.DESTROY) {
      appendHelper(entry, text);
    }
    return text.toString().stripTrailing();
  }

  private static void appendZone(ConntrackEntry entry, StringBuilder text) {
    Zone zone = entry.zone();
    if (zone.id() != 0 && zone.original() && zone.reply()) {
      text.append("zone=").append(zone.id()).append(' ');
    }
  }

  private static void appendHelper(ConntrackEntry entry, StringBuilder text) {
    if (!entry.helper().isEmpty()) {
      text.append("helper=").append(entry.helper()).append(' ');
    }
  }

  /** Appends what lists and events have in common. */
  private static void append(ConntrackEntry entry, boolean counted, StringBuilder text) {
    Tuple original = entry.original();
    boolean v4 = original.family() == IpFamily.IPV4;
    text.append(v4 ? "ipv4     2 " : "ipv6     10 ");
    text.append(
        String.format(
            Locale.ROOT, "%-8s %d ", protocolName(original.protocol()), original.protocol()));
    if (!has(entry, ConnectionStatus.OFFLOAD | ConnectionStatus.HW_OFFLOAD)) {
      text.append(entry.remainingSeconds()).append(' ');
    }
    if (!entry.state().isEmpty()) {
      text.append(entry.state()).append(' ');
    }
    Zone zone = entry.zone();
    direction(text, original, zone.id() != 0 && !zone.reply() ? "zone-orig=" + zone.id() : "");
    counters(text, counted, entry.originalPackets(), entry.originalBytes());
    if (!has(entry, ConnectionStatus.SEEN_REPLY)) {
      text.append("[UNREPLIED] ");
    }
    direction(
        text, entry.reply(), zone.id() != 0 && !zone.original() ? "zone-reply=" + zone.id() : "");
    counters(text, counted, entry.replyPackets(), entry.replyBytes());
    if (has(entry, ConnectionStatus.HW_OFFLOAD)) {
      text.append("[HW_OFFLOAD] ");
    } else if (has(entry, ConnectionStatus.OFFLOAD)) {
      text.append("[OFFLOAD] ");
    } else if (has(entry, ConnectionStatus.ASSURED)) {
      text.append("[ASSURED] ");
    }
  }

  private static boolean has(ConntrackEntry entry, int bits) {
    return (entry.status() & bits) != 0;
  }

  private static void direction(StringBuilder text, Tuple tuple, String zone) {
    text.append("src=").append(tuple.source());
    text.append(" dst=").append(tuple.destination()).append(' ');
    if (tuple.isIcmp()) {
      text.append("type=").append(tuple.icmpType()).append(" code=").append(tuple.icmpCode());
      text.append(" id=").append(tuple.icmpId()).append(' ');
    } else if (IpProtocol.hasPorts(tuple.protocol())) {
      text.append("sport=").append(tuple.sourcePort());
      text.append(" dport=").append(tuple.destinationPort()).append(' ');
    } else if (tuple.protocol() == IpProtocol.GRE) {
      text.append("srckey=0x").append(Integer.toHexString(tuple.sourcePort()));
      text.append(" dstkey=0x").append(Integer.toHexString(tuple.destinationPort())).append(' ');
    }
    if (!zone.isEmpty()) {
      text.append(zone).append(' ');
    }
  }

  private static void counters(StringBuilder text, boolean counted, long packets, long bytes) {
    if (counted) {
      text.append("packets=").append(packets).append(" bytes=").append(bytes).append(' ');
    }
  }

  private static String protocolName(int protocol) {
    return switch (protocol) {
      case IpProtocol.TCP -> "tcp";
      case IpProtocol.UDP -> "udp";
      case IpProtocol.UDPLITE -> "udplite";
      case IpProtocol.ICMP -> "icmp";
      case IpProtocol.ICMPV6 -> "icmpv6";
      case IpProtocol.SCTP -> "sctp";
      case IpProtocol.DCCP -> "dccp";
      case IpProtocol.GRE -> "gre";
      default -> "unknown";
    };
  }
}
