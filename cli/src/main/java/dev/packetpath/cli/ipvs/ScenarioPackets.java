package dev.packetpath.cli.ipvs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.ipvs.IpvsConnection;
import dev.packetpath.ipvs.ServiceKey;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The packets that a scenario's steps send, by the numbers of their connections. */
final class ScenarioPackets {
  private static final ImmutableSet<String> OF_PACKET =
      ImmutableSet.of("op", "cid", "src", "dst", "proto", "flags", "dir", "chunk", "note");

  private static final int SCTP_INIT = 1;
  private static final byte SCTP_INIT_LENGTH = 20;
  private static final byte SCTP_CHUNK_LENGTH = 4;
  private static final byte[] ONE_BYTE = {'x'};

  private final ServiceKey service;
  private final Optional<IpPrefix> markedNetwork;
  private final Map<Integer, Packet> firstPackets = new TreeMap<>();

  /**
   * Creates the packets of no connection so far.
   *
   * @param service the service that they are sent to
   * @param markedNetwork the destinations whose packets carry the service's mark
   */
  ScenarioPackets(ServiceKey service, Optional<IpPrefix> markedNetwork) {
    this.service = service;
    this.markedNetwork = markedNetwork;
  }

  /** Returns the packet of a step that begins a connection. */
  Packet begin(Place at, ObjectNode step) {
    at.only(step, OF_PACKET);
    SocketAddress source = at.parse(step, "src", SocketAddress::parse);
    SocketAddress destination = at.parse(step, "dst", SocketAddress::parse);
    if (source.address().family() != destination.address().family()) {
      throw at.error("\"src\": \"" + source + "\"", "the family of " + destination);
    }
    int protocol = protocol(at, step);
    Packet packet =
        new Packet()
            .protocol(protocol)
            .addresses(source.address(), destination.address())
            .ports(source.port(), destination.port());
    if (markedNetwork.isPresent() && markedNetwork.get().contains(destination.address())) {
      packet.mark(((ServiceKey.Marked) service).mark());
    }
    switch (protocol) {
      case IpProtocol.TCP -> packet.tcpFlags(flags(at, step, "S"));
      case IpProtocol.SCTP -> packet.payload(chunk(at.number(step, "chunk", SCTP_INIT)));
      default -> packet.payload(ONE_BYTE);
    }
    firstPackets.put(at.parse(step, "cid", Integer::parseInt), packet);
    return packet.copy();
  }

  /** Returns a chunk of SCTP as short as its type may be. */
  private static byte[] chunk(int type) {
    byte length = type == SCTP_INIT ? SCTP_INIT_LENGTH : SCTP_CHUNK_LENGTH;
    byte[] chunk = new byte[length];
    chunk[0] = (byte) type;
    chunk[3] = length;
    return chunk;
  }

  private int protocol(Place at, ObjectNode step) {
    if (step.has("proto")) {
      return ServiceJson.protocol(at, step.path("proto").asText());
    }
    return service instanceof ServiceKey.Virtual virtual ? virtual.protocol() : IpProtocol.TCP;
  }

  private static int flags(Place at, ObjectNode step, String absent) {
    return step.has("flags")
        ? at.parse(step, "flags", TcpFlags::parseLetters)
        : TcpFlags.parseLetters(absent);
  }

  /** Returns the packet that began the connection of a step. */
  Packet first(Place at, ObjectNode step) {
    Packet first = firstPackets.get(at.parse(step, "cid", Integer::parseInt));
    if (first == null) {
      throw at.error("\"cid\": " + step.path("cid"), "a connection that a step before began");
    }
    return first;
  }

  /** Returns the packet of a step that goes on with a connection, as its client sends it. */
  Packet next(Place at, ObjectNode step) {
    at.only(step, OF_PACKET);
    Packet packet = first(at, step).copy();
    if (packet.protocol() == IpProtocol.TCP) {
      packet.tcpFlags(flags(at, step, ""));
    } else if (packet.protocol() == IpProtocol.SCTP && step.has("chunk")) {
      packet.payload(chunk(at.number(step, "chunk", 0)));
    }
    return packet;
  }

  /** Hands over the packet that began each connection, with its number. */
  void forEachFirst(BiConsumer<Integer, Packet> action) {
    firstPackets.forEach(action);
  }

  /** Returns a client's packet as one of its real server to it. */
  static Packet answer(Packet packet, IpvsConnection connection) {
    boolean masqueraded = StateJson.isMasqueraded(connection);
    return packet
        .copy()
        .addresses(
            masqueraded ? connection.serverAddress() : connection.virtualAddress(), packet.source())
        .ports(
            masqueraded ? connection.serverPort() : connection.virtualPort(), packet.sourcePort())
        .mark(0);
  }

  /** Returns the director's answer to a segment that no socket of its own takes. */
  static Packet reset(Packet packet) {
    return packet
        .copy()
        .addresses(packet.destination(), packet.source())
        .ports(packet.destinationPort(), packet.sourcePort())
        .tcpFlags(TcpFlags.RST)
        .mark(0);
  }
}
