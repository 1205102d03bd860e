package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.BaseEncoding;
import com.google.common.primitives.ImmutableIntArray;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Fragments;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.Pieces;
import dev.packetpath.core.packet.WireFormat;
import dev.packetpath.node.Node;
import dev.packetpath.node.PacketJson;
import dev.packetpath.node.PacketResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.IntFunction;

/**
 * Writes the packets of a vector: a few conversations, mixed, each going by what the model lets
 * through.
 */
final class PacketScript {
  private static final int FIRST_PORT = 20000;
  private static final int PIECE_BYTES = 24;

  /** Fragments that a case left in the kernel should not meet the next one's. */
  private static final int MAX_ID = 0x10000;

  private PacketScript() {}

  /**
   * Adds packets to a vector that has its rules.
   *
   * @param random what they are drawn from
   * @param ends who talks to whom in the flow of a number, from 0
   */
  static void addTo(ObjectNode vector, Random random, int packets, IntFunction<Endpoints> ends) {
    Node node = Node.of(ModelRun.snapshot(vector));
    ArrayNode list = vector.putArray("packets");
    List<Conversation> flows = new ArrayList<>();
    int firstId = random.nextInt(MAX_ID);
    for (int i = 0; i < packets; i++) {
      if (flows.isEmpty() || random.nextInt(100) < 22) {
        flows.add(new Conversation(random, ends.apply(flows.size())));
      }
      Conversation flow = flows.get(Math.max(0, flows.size() - 1 - random.nextInt(3)));
      ObjectNode packet = flow.next();
      packet.put("ipid", (firstId + i) % MAX_ID);
      for (ObjectNode piece : pieces(packet, random)) {
        list.add(piece);
        PacketResult result =
            node.inject(PacketJson.read("packets", list.size(), piece.toString()));
        flow.saw(result.emissions());
      }
    }
  }

  /** Cuts a few packets into fragments, in order or turned round, sometimes one short. */
  private static List<ObjectNode> pieces(ObjectNode packet, Random random) {
    Packet whole = PacketJson.read("packets", 1, packet.toString()).packet();
    int body = whole.length() - whole.networkHeaderBytes();
    if (body <= PIECE_BYTES || packet.has("inner") || random.nextInt(100) >= 5) {
      return List.of(packet);
    }
    if (!packet.has("bad_csum") && random.nextInt(100) < 30) {
      return unequalPieces(packet, whole, random);
    }
    List<ObjectNode> pieces = new ArrayList<>();
    for (int i = 0; i * PIECE_BYTES < body; i++) {
      ObjectNode piece = packet.deepCopy().put("df", false);
      pieces.add(piece.put("fragmentSize", PIECE_BYTES).put("fragmentIndex", i));
    }
    if (random.nextInt(100) < 20) {
      Collections.reverse(pieces);
    }
    return random.nextInt(100) < 20 ? pieces.subList(1, pieces.size()) : pieces;
  }

  /** Cuts a packet at any places, as bytes, whose order is mixed now and then. */
  private static List<ObjectNode> unequalPieces(ObjectNode packet, Packet whole, Random random) {
    byte[] bytes = WireFormat.encode(whole.dontFragment(false));
    int header = whole.networkHeaderBytes();
    ImmutableIntArray.Builder starts = ImmutableIntArray.builder();
    for (int at = unequal(random); at < bytes.length - header; at += unequal(random)) {
      starts.add(at);
    }
    List<ObjectNode> pieces = new ArrayList<>();
    for (Packet piece : Fragments.asTheyCame(whole.pieces(new Pieces(0, starts.build(), false)))) {
      byte[] cut = WireFormat.encode(piece);
      int own = piece.networkHeaderBytes();
      int from = header + piece.fragmentOffset() * Fragments.UNIT_BYTES;
      System.arraycopy(bytes, from, cut, own, cut.length - own); // with the whole packet's checksum
      ObjectNode json = packet.deepCopy().put("packet", BaseEncoding.base16().encode(cut));
      pieces.add(json.put("fragmentIndex", pieces.size()));
    }
    if (random.nextInt(100) < 30) {
      Collections.shuffle(pieces, random);
    }
    return pieces;
  }

  private static int unequal(Random random) {
    return Fragments.UNIT_BYTES * (1 + random.nextInt(6));
  }

  /** Returns who talks in a flow between the laboratory's addresses. */
  static Endpoints endpoints(Random random, int number) {
    IpFamily family = random.nextInt(100) < 60 ? IpFamily.IPV6 : IpFamily.IPV4;
    String icmp = family == IpFamily.IPV4 ? "icmp" : "icmpv6";
    int draw = random.nextInt(100);
    String protocol = draw < 45 ? "tcp" : draw < 78 ? "udp" : draw < 92 ? icmp : "sctp";
    LabAddresses.Client client = LabAddresses.client(random, family);
    return new Endpoints(
        client.at(),
        client.address(),
        LabAddresses.destination(random, client),
        protocol,
        FIRST_PORT + number,
        LabAddresses.port(random),
        OptionalInt.empty());
  }
}
