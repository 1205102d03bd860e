package dev.packetpath.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.io.BaseEncoding;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.net.MacAddress;
import dev.packetpath.core.packet.Fragments;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.core.packet.WireFormat;
import dev.packetpath.iptables.syntax.ReadNote;
import java.io.IOException;
import java.io.StringReader;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Packets as JSON objects: what {@code packetpath replay} reads, one a line, and writes.
 *
 * <p>Read: {@code inject} (a device, or {@code local}), {@code proto} ({@code tcp}, {@code udp},
 * {@code icmp}, {@code icmpv6}, {@code sctp} or a number), {@code src}, {@code dst}; {@code sport},
 * {@code dport}; of TCP {@code flags} (letters of FSRPAUEC), {@code seq}, {@code ack}, {@code
 * window}, {@code tcpOptions} (hex); of ICMP {@code type}, {@code code}, {@code id}, {@code
 * icmpseq}, {@code inner} (hex of the packet an error quotes); {@code len}, the bytes behind the
 * transport header, or {@code payload} (hex); {@code ttl} (64), {@code tos}, {@code ipid}, {@code
 * df} (true), {@code srcMac}, {@code dstMac} (which device's it is decides the link type), {@code
 * moreFragments}, {@code fragOffset} (units of 8 bytes), {@code mark}, {@code bad_csum}, {@code
 * uid}, {@code gid} and {@code time} (seconds since the start). Or {@code packet}, the hex of a
 * whole IP packet, in place of what its headers and payload hold. Other fields are passed on, and
 * noted unless they are {@code note} or a result.
 */
public final class PacketJson {
  private static final BaseEncoding HEX = BaseEncoding.base16().ignoreCase();
  private static final long U16 = 0xffff;
  private static final long U32 = 0xffff_ffffL;
  private static final double NS_PER_SECOND = 1e9;
  private static final double MAX_SECONDS = 9e9;

  private static final ImmutableSet<String> FIELDS =
      ImmutableSet.of(
          "inject",
          "proto",
          "protocol",
          "src",
          "dst",
          "sport",
          "dport",
          "flags",
          "seq",
          "ack",
          "window",
          "tcpOptions",
          "type",
          "code",
          "id",
          "icmpseq",
          "inner",
          "len",
          "payload",
          "ttl",
          "tos",
          "ipid",
          "df",
          "srcMac",
          "dstMac",
          "moreFragments",
          "fragOffset",
          "fragmentSize",
          "fragmentIndex",
          "mark",
          "bad_csum",
          "uid",
          "gid",
          "time",
          "chunk",
          "chunkFlags",
          "vtag",
          "initTag",
          "packet");

  private static final ImmutableSet<String> PASSED_ON =
      ImmutableSet.of("note", "result", "rulesTraversed", "work");

  private PacketJson() {}

  /**
   * Reads one line.
   *
   * @param file what the text is called in errors
   * @param line the number of the line in it, from 1
   * @throws dev.packetpath.core.SyntaxException if the line is not such an object
   */
  public static Injection read(String file, int line, String text) {
    return read(file, line, text, note -> {});
  }

  /**
   * Reads one line, and notes fields that mean nothing here: they may be misspelt.
   *
   * @param file what the text is called in errors
   * @param line the number of the line in it, from 1
   * @throws dev.packetpath.core.SyntaxException if the line is not such an object
   */
  static Injection read(String file, int line, String text, Consumer<ReadNote> notes) {
    JsonValue value;
    try {
      value = JsonText.read(file, line - 1, new StringReader(text));
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    if (!(value instanceof JsonValue.Fields fields)) {
      throw value.error(
          "no object", "a packet: {\"inject\": …, \"proto\": …, \"src\": …, \"dst\": …}");
    }
    Injection injection =
        new Injection(fields.text("inject"), packet(fields), time(fields), linkDestination(fields));
    fields
        .fields()
        .forEach(
            (name, unread) -> {
              if (!FIELDS.contains(name) && !PASSED_ON.contains(name)) {
                notes.accept(
                    new ReadNote(
                        file,
                        unread.place().line(),
                        unread.place().column(),
                        "no packet has a field \"" + name + "\", so it is only passed on"));
              }
            });
    return injection;
  }

  private static Optional<MacAddress> linkDestination(JsonValue.Fields fields) {
    if (!fields.has("dstMac")) {
      return Optional.empty();
    }
    if (fields.text("inject").equals(Injection.LOCAL)) {
      throw fields
          .get("dstMac")
          .orElse(fields)
          .error("\"dstMac\" of a packet that leaves", "\"dstMac\" of one that a device receives");
    }
    return Optional.of(JsonFields.parse(fields, "dstMac", MacAddress::parse));
  }

  private static byte[] hex(String text) {
    if (!HEX.canDecode(text)) {
      throw new IllegalArgumentException("an even number of hexadecimal digits");
    }
    return HEX.decode(text);
  }

  private static OptionalLong time(JsonValue.Fields fields) {
    if (!fields.has("time")) {
      return OptionalLong.empty();
    }
    String text = fields.text("time");
    try {
      double seconds = Double.parseDouble(text);
      if (seconds >= 0 && seconds <= MAX_SECONDS) {
        return OptionalLong.of(Math.round(seconds * NS_PER_SECOND));
      }
    } catch (NumberFormatException e) {
      // falls through to the error that names the range
    }
    throw fields.get("time").orElse(fields).error("\"time\": " + text, "seconds from 0");
  }

  private static Packet packet(JsonValue.Fields fields) {
    Packet packet = fields.has("packet") ? decoded(fields) : described(fields);
    packet.mark((int) fields.number("mark", 0, U32, 0));
    packet.ownerUid((int) fields.number("uid", 0, U32, owner(fields)));
    packet.ownerGid((int) fields.number("gid", 0, U32, owner(fields)));
    if (fields.has("srcMac")) {
      packet.sourceMac(JsonFields.parse(fields, "srcMac", MacAddress::parse).bits());
    }
    return packet;
  }

  private static Packet decoded(JsonValue.Fields fields) {
    return JsonFields.parse(fields, "packet", text -> WireFormat.decode(hex(text)));
  }

  private static Packet described(JsonValue.Fields fields) {
    IpAddress source = JsonFields.parse(fields, "src", IpAddress::parse);
    IpAddress destination = JsonFields.parse(fields, "dst", IpAddress::parse);
    if (source.family() != destination.family()) {
      throw fields.error(source + " and " + destination, "\"src\" and \"dst\" of one family");
    }
    Packet packet = new Packet().addresses(source, destination).protocol(protocol(fields));
    packet.ttl((int) fields.number("ttl", 0, 255, 64));
    packet.tos((int) fields.number("tos", 0, 255, 0));
    packet.id((int) fields.number("ipid", 0, U32, 0));
    packet.moreFragments(flag(fields, "moreFragments", false));
    packet.fragmentOffset((int) fields.number("fragOffset", 0, 0x1fff, 0));
    packet.checksumValid(!flag(fields, "bad_csum", false));
    readTransport(fields, packet);
    readPayload(fields, packet);
    WireFormat.unfold(packet);
    if (packet.protocol() == IpProtocol.SCTP && !packet.isLaterFragment()) {
      SctpJson.read(fields, packet);
    }
    Packet sent = fields.has("fragmentSize") ? fragment(fields, packet) : packet;
    return sent.dontFragment(flag(fields, "df", !sent.isFragment()));
  }

  /** Returns the piece of a datagram that is asked for. */
  private static Packet fragment(JsonValue.Fields fields, Packet whole) {
    int size = (int) fields.number("fragmentSize", 8, U16, 8);
    int index = (int) fields.number("fragmentIndex", 0, U16, 0);
    int header = whole.networkHeaderBytes() + (whole.family() == IpFamily.IPV6 ? 8 : 0);
    ImmutableList<Packet> pieces = Fragments.of(whole, header + size);
    if (size % 8 != 0 || index >= pieces.size()) {
      throw fields.error(
          "fragment " + index + " of " + size + " bytes",
          "a size in units of 8 and an index below " + pieces.size());
    }
    return pieces.size() == 1 ? whole : pieces.get(index);
  }

  /** A packet of a local socket belongs to root unless it says otherwise. */
  private static long owner(JsonValue.Fields fields) {
    return fields.text("inject").equals(Injection.LOCAL) ? 0 : Packet.NO_OWNER;
  }

  private static int protocol(JsonValue.Fields fields) {
    if (fields.has("protocol")) {
      return (int) fields.number("protocol", 0, 255, 0);
    }
    String name = fields.text("proto");
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "tcp" -> IpProtocol.TCP;
      case "udp" -> IpProtocol.UDP;
      case "udplite" -> IpProtocol.UDPLITE;
      case "icmp" -> IpProtocol.ICMP;
      case "icmpv6" -> IpProtocol.ICMPV6;
      case "sctp" -> IpProtocol.SCTP;
      default -> {
        if (name.matches("\\d{1,3}") && Integer.parseInt(name) <= 255) {
          yield Integer.parseInt(name);
        }
        throw fields
            .get("proto")
            .orElse(fields)
            .error(
                "\"proto\": \"" + name + "\"", "tcp, udp, icmp, icmpv6, sctp or a number to 255");
      }
    };
  }

  private static void readTransport(JsonValue.Fields fields, Packet packet) {
    packet.ports((int) fields.number("sport", 0, U16, 0), (int) fields.number("dport", 0, U16, 0));
    if (fields.has("flags")) {
      packet.tcpFlags(JsonFields.parse(fields, "flags", TcpFlags::parseLetters));
    }
    packet.tcpSequence((int) fields.number("seq", 0, U32, 0));
    packet.tcpAcknowledgment((int) fields.number("ack", 0, U32, 0));
    packet.tcpWindow((int) fields.number("window", 0, U16, U16));
    if (fields.has("tcpOptions")) {
      byte[] options = JsonFields.parse(fields, "tcpOptions", PacketJson::hex);
      if (options.length % 4 != 0 || options.length > 40) {
        throw fields
            .get("tcpOptions")
            .orElse(fields)
            .error(options.length + " bytes of TCP options", "at most 40, in words of 4");
      }
      packet.tcpOptions(options);
    }
    packet.icmpType((int) fields.number("type", 0, 255, 0));
    packet.icmpCode((int) fields.number("code", 0, 255, 0));
    packet.icmpId((int) fields.number("id", 0, U16, 0));
    packet.icmpSequence((int) fields.number("icmpseq", 0, U16, 0));
  }

  private static void readPayload(JsonValue.Fields fields, Packet packet) {
    if (fields.has("inner")) {
      byte[] quoted = JsonFields.parse(fields, "inner", PacketJson::hex);
      packet.inner(
          JsonFields.parse(fields, "inner", hex -> WireFormat.decode(quoted)), quoted.length);
    } else if (fields.has("payload")) {
      packet.payload(JsonFields.parse(fields, "payload", PacketJson::hex));
    } else {
      packet.payloadLength((int) fields.number("len", 0, U16, 0));
    }
  }

  private static boolean flag(JsonValue.Fields fields, String name, boolean absent) {
    return switch (fields.text(name, absent ? "true" : "false")) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default ->
          throw fields
              .get(name)
              .orElse(fields)
              .error("\"" + name + "\": " + fields.text(name), "true or false");
    };
  }

  /** Returns a packet in the words above. */
  public static ObjectNode write(Packet packet) {
    return PacketJsonWriter.write(packet);
  }
}
