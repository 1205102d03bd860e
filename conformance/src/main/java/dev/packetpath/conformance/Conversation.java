package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.BaseEncoding;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.core.packet.WireFormat;
import dev.packetpath.node.Emission;
import java.util.Optional;
import java.util.Random;

/**
 * One flow of packets between a client and whoever its packets reach. It makes the next packet from
 * what has come out so far: answers are addressed to what the other end saw. Most packets follow
 * the protocol; some are lost, repeated, out of order or plainly wrong.
 */
final class Conversation {
  private static final int CLIENT_SEQUENCE = 1000;
  private static final int SERVER_SEQUENCE = 5000;
  private static final String[] CLIENT_CHUNKS = {
    "INIT",
    "COOKIE_ECHO",
    "DATA",
    "SACK",
    "HEARTBEAT",
    "HEARTBEAT_ACK",
    "SHUTDOWN",
    "SHUTDOWN_ACK",
    "SHUTDOWN_COMPLETE",
    "ABORT"
  };
  private static final String[] SERVER_CHUNKS = {
    "INIT_ACK",
    "COOKIE_ACK",
    "SACK",
    "DATA",
    "HEARTBEAT_ACK",
    "HEARTBEAT",
    "SHUTDOWN_ACK",
    "SHUTDOWN",
    "SHUTDOWN_COMPLETE",
    "ABORT"
  };

  private final Random random;
  private final Endpoints ends;
  private Optional<Emission> seenByServer = Optional.empty();
  private int step;
  private long clientSequence = CLIENT_SEQUENCE;
  private long serverSequence = SERVER_SEQUENCE;
  private boolean lastFromClient;

  Conversation(Random random, Endpoints ends) {
    this.random = random;
    this.ends = ends;
  }

  /** Returns the next packet. */
  ObjectNode next() {
    boolean fromServer = seenByServer.isPresent() && random.nextInt(100) < 45;
    lastFromClient = !fromServer;
    ObjectNode packet = fromServer ? fromServer(seenByServer.get()) : fromClient();
    if (random.nextInt(100) < 3) {
      packet.put("bad_csum", true);
    }
    if (random.nextInt(100) < 5) {
      packet.put("ttl", 1 + random.nextInt(3));
    }
    if (random.nextInt(100) < 5) {
      packet.put("tos", random.nextInt(64) << 2);
    }
    return packet;
  }

  /** Tells what came out of the node for the last packet. */
  void saw(Iterable<Emission> emissions) {
    if (!lastFromClient) {
      return;
    }
    for (Emission emission : emissions) {
      boolean answer = emission.packet().isIcmp() && emission.packet().hasInner();
      if (!answer && (emission.packet().tcpFlags() & TcpFlags.RST) == 0) {
        seenByServer = Optional.of(emission);
      }
    }
  }

  private ObjectNode fromClient() {
    ObjectNode packet = object(ends.at(), ends.client(), ends.server());
    switch (ends.protocol()) {
      case "tcp" ->
          clientSegment(packet.put("sport", ends.clientPort()).put("dport", ends.serverPort()));
      case "sctp" -> {
        packet.put("sport", ends.clientPort()).put("dport", ends.serverPort());
        chunk(packet);
      }
      case "icmp", "icmpv6" -> query(packet, ends.clientPort() & 0xffff, true);
      case "esp", "ah", "mh" -> PortlessHeader.addTo(packet, random, ends.serverPort());
      default ->
          packet
              .put("sport", ends.clientPort())
              .put("dport", ends.serverPort())
              .put("len", random.nextInt(60));
    }
    return packet;
  }

  private ObjectNode fromServer(Emission seen) {
    Packet request = seen.packet();
    ObjectNode packet =
        object(seen.at(), request.destination().toString(), request.source().toString());
    if (random.nextInt(100) < 12 && !request.isLaterFragment()) {
      return error(packet, request);
    }
    switch (ends.protocol()) {
      case "tcp" ->
          serverSegment(
              packet.put("sport", request.destinationPort()).put("dport", request.sourcePort()));
      case "icmp", "icmpv6" -> query(packet, request.icmpId(), false);
      case "esp", "ah", "mh" -> PortlessHeader.addTo(packet, random, ends.serverPort());
      case "sctp" -> {
        packet.put("sport", request.destinationPort()).put("dport", request.sourcePort());
        chunk(packet);
      }
      default ->
          packet
              .put("sport", request.destinationPort())
              .put("dport", request.sourcePort())
              .put("len", random.nextInt(60));
    }
    return packet;
  }

  private ObjectNode error(ObjectNode packet, Packet about) {
    byte[] whole = WireFormat.encode(about);
    int quoted = Math.min(whole.length, about.networkHeaderBytes() + 28);
    boolean v4 = about.family() == IpFamily.IPV4;
    int[] types = v4 ? new int[] {3, 3, 11, 12, 4} : new int[] {1, 1, 2, 3, 4};
    packet.put("proto", v4 ? "icmp" : "icmpv6");
    packet.put("type", types[random.nextInt(types.length)]).put("code", random.nextInt(4));
    packet.put("id", 0).put("icmpseq", 0);
    return packet.put("inner", BaseEncoding.base16().lowerCase().encode(whole, 0, quoted));
  }

  private void chunk(ObjectNode packet) {
    String[] usual = lastFromClient ? CLIENT_CHUNKS : SERVER_CHUNKS;
    packet.put("chunk", usual[Math.min(usual.length - 1, random.nextInt(++step))]);
    packet.put("vtag", packet.path("chunk").asText().equals("INIT") ? 0 : lastFromClient ? 2 : 1);
    packet.put("initTag", lastFromClient ? 1 : 2).put("len", 0);
  }

  private void query(ObjectNode packet, int id, boolean request) {
    boolean v4 = ends.protocol().equals("icmp");
    int type = request ? ends.icmpType().orElse(v4 ? 8 : 128) : v4 ? 0 : 129;
    if (random.nextInt(100) < 6) {
      type = v4 ? random.nextInt(19) : 128 + random.nextInt(2);
      type = v4 && (type == 3 || type == 4 || type == 5 || type == 11 || type == 12) ? 13 : type;
    }
    packet.put("type", type).put("code", 0).put("id", id).put("icmpseq", ++step);
    packet.put("len", random.nextInt(40));
  }

  private void clientSegment(ObjectNode packet) {
    step++;
    if (random.nextInt(100) < 10) {
      strange(packet, clientSequence, serverSequence);
    } else if (clientSequence == CLIENT_SEQUENCE) {
      segment(packet, "S", clientSequence++, 0, 0);
    } else if (random.nextInt(100) < 15) {
      segment(packet, "S", CLIENT_SEQUENCE, 0, 0);
    } else if (random.nextInt(100) < 18) {
      segment(packet, "FA", clientSequence++, serverSequence, 0);
    } else if (random.nextInt(100) < 8) {
      segment(packet, random.nextBoolean() ? "R" : "RA", clientSequence, serverSequence, 0);
    } else {
      int length = random.nextInt(3) * 20;
      segment(packet, length > 0 ? "PA" : "A", clientSequence, serverSequence, length);
      if (random.nextInt(100) < 85) {
        clientSequence += length;
      }
    }
  }

  private void serverSegment(ObjectNode packet) {
    step++;
    if (random.nextInt(100) < 10) {
      strange(packet, serverSequence, clientSequence);
    } else if (serverSequence == SERVER_SEQUENCE) {
      if (random.nextInt(100) < 20) {
        segment(packet, "RA", 0, clientSequence, 0);
      } else {
        segment(packet, "SA", serverSequence++, clientSequence, 0);
      }
    } else if (random.nextInt(100) < 10) {
      segment(packet, "SA", SERVER_SEQUENCE, CLIENT_SEQUENCE + 1, 0);
    } else if (random.nextInt(100) < 18) {
      segment(packet, "FA", serverSequence++, clientSequence, 0);
    } else if (random.nextInt(100) < 8) {
      segment(packet, random.nextBoolean() ? "R" : "RA", serverSequence, clientSequence, 0);
    } else {
      int length = random.nextInt(3) * 20;
      segment(packet, length > 0 ? "PA" : "A", serverSequence, clientSequence, length);
      if (random.nextInt(100) < 85) {
        serverSequence += length;
      }
    }
  }

  /** A segment that does not fit: any flags, a sequence number far off. */
  private void strange(ObjectNode packet, long sequence, long acknowledged) {
    String[] flags = {"", "SF", "F", "FA", "R", "RA", "A", "SA", "S", "FPU", "SRA", "PAU"};
    long[] off = {0, 0, 1, -1, 100_000, -100_000, 70_000};
    segment(
        packet,
        flags[random.nextInt(flags.length)],
        sequence + off[random.nextInt(off.length)] & 0xffff_ffffL,
        acknowledged + off[random.nextInt(off.length)] & 0xffff_ffffL,
        random.nextInt(2) * 10);
  }

  private void segment(
      ObjectNode packet, String flags, long sequence, long acknowledged, int length) {
    packet.put("flags", flags).put("seq", sequence).put("ack", acknowledged).put("len", length);
    if (random.nextInt(100) < 10) {
      packet.put("window", random.nextInt(3) * 500);
    }
  }

  private ObjectNode object(String inject, String from, String to) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("inject", inject)
        .put("proto", ends.protocol())
        .put("src", from)
        .put("dst", to);
  }
}
