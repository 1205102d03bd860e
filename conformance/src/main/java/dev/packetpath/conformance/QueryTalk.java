package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.BaseEncoding;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.WireFormat;
import dev.packetpath.node.PacketJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Questions and answers over UDP or as ICMP queries, and ICMP errors about them. */
final class QueryTalk {
  private static final int QUOTED_BYTES = 28;

  private final Random random;
  private final TalkEnds ends;
  private final boolean udp;
  private final List<TalkPacket> sent = new ArrayList<>();
  private int sequence;

  private QueryTalk(Random random, TalkEnds ends, boolean udp) {
    this.random = random;
    this.ends = ends;
    this.udp = udp;
  }

  /** Returns what the two ends send, in order. */
  static List<TalkPacket> draw(Random random, TalkEnds ends, boolean udp, long fromMs) {
    QueryTalk talk = new QueryTalk(random, ends, udp);
    long nowMs = fromMs;
    for (int left = 2 + random.nextInt(10); left > 0; left--) {
      int draw = random.nextInt(20);
      ObjectNode packet =
          draw < 10 ? talk.one(true) : draw < 18 ? talk.one(false) : talk.error(draw == 18);
      talk.sent.add(new TalkPacket(nowMs, packet));
      nowMs += random.nextInt(3) == 0 ? random.nextInt(3500) : random.nextInt(400);
    }
    return talk.sent;
  }

  private ObjectNode one(boolean fromClient) {
    if (udp) {
      return ends.packet(fromClient, "udp").put("len", random.nextInt(200));
    }
    int request = ends.v4() ? (random.nextInt(5) == 0 ? 13 : 8) : 128;
    int answer = ends.v4() ? (random.nextInt(5) == 0 ? 14 : 0) : 129;
    return ends.query(fromClient, fromClient ? request : answer, ++sequence).put("len", 20);
  }

  /** An ICMP error of one end about a packet of the other, as the former saw it. */
  private ObjectNode error(boolean fromClient) {
    ObjectNode about = one(!fromClient);
    if (fromClient) {
      about.put("src", ends.destination()).put("dst", ends.client());
    } else {
      about.put("src", ends.clientSeen()).put("dst", ends.server());
    }
    if (udp) {
      about.put("sport", fromClient ? ends.destinationPort() : ends.port());
      about.put("dport", fromClient ? ends.port() : ends.serverPort());
    }
    Packet quoted = PacketJson.read("quoted", 1, about.toString()).packet();
    byte[] whole = WireFormat.encode(quoted);
    int length = Math.min(whole.length, quoted.networkHeaderBytes() + QUOTED_BYTES);
    ObjectNode error = ends.addresses(fromClient, ends.v4() ? "icmp" : "icmpv6");
    error.put("type", ends.v4() ? 3 : 1).put("code", random.nextInt(4));
    error.put("inner", BaseEncoding.base16().lowerCase().encode(whole, 0, length));
    return error.set("tuple", one(fromClient).path("tuple"));
  }
}
