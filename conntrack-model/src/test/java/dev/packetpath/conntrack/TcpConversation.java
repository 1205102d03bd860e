package dev.packetpath.conntrack;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * The segments of a TCP connection between a client and a server, as a bad network delivers them to
 * a router in their middle: some lost, some sent again, some twice, some out of order.
 */
final class TcpConversation {
  /**
   * A segment on its way.
   *
   * @param fromClient whether the client sends it
   * @param sequence relative to the sender's first
   * @param acknowledgment relative to the other end's first
   */
  record Segment(
      boolean fromClient, int flags, int sequence, int acknowledgment, int payloadLength) {
    Packet to(Packet packet) {
      return packet
          .tcpFlags(flags)
          .tcpSequence(sequence)
          .tcpAcknowledgment(acknowledgment)
          .tcpWindow(60_000)
          .payloadLength(payloadLength);
    }
  }

  private record Delivery(double at, Segment segment) {}

  private static final int ACK = TcpFlags.ACK;

  private final Random random;
  private final List<Segment> sent = new ArrayList<>();
  private final int[] next = new int[2];

  private TcpConversation(Random random) {
    this.random = random;
  }

  /** Returns the segments in the order in which they reach the router. */
  static List<Segment> delivered(Random random) {
    TcpConversation conversation = new TcpConversation(random);
    conversation.speak();
    return conversation.deliver();
  }

  private void speak() {
    send(true, TcpFlags.SYN, 0);
    send(false, TcpFlags.SYN | ACK, 0);
    send(true, ACK, 0);
    int turns = random.nextInt(6);
    for (int i = 0; i < turns; i++) {
      boolean client = random.nextBoolean();
      send(client, ACK | TcpFlags.PSH, 1 + random.nextInt(1400));
      send(!client, ACK, 0);
    }
    boolean first = random.nextBoolean();
    switch (random.nextInt(4)) {
      case 0 -> {
        send(first, TcpFlags.FIN | ACK, 0);
        send(!first, ACK, 0);
        send(!first, TcpFlags.FIN | ACK, 0);
        send(first, ACK, 0);
      }
      case 1 -> {
        send(first, TcpFlags.FIN | ACK, 0);
        send(!first, TcpFlags.FIN | ACK, 0);
        send(first, ACK, 0);
      }
      case 2 -> send(first, TcpFlags.RST | ACK, 0);
      default -> {}
    }
  }

  private void send(boolean client, int flags, int payload) {
    int from = client ? 0 : 1;
    int acknowledgment = (flags & ACK) != 0 ? next[1 - from] : 0;
    sent.add(new Segment(client, flags, next[from], acknowledgment, payload));
    boolean counts = (flags & (TcpFlags.SYN | TcpFlags.FIN)) != 0;
    next[from] += payload + (counts ? 1 : 0);
  }

  private List<Segment> deliver() {
    List<Delivery> deliveries = new ArrayList<>();
    for (int i = 0; i < sent.size(); i++) {
      double at = i + (random.nextInt(5) == 0 ? 4 * random.nextDouble() : 0);
      boolean lost = random.nextInt(6) == 0;
      deliveries.add(new Delivery(lost ? at + 3 : at, sent.get(i)));
      if (random.nextInt(6) == 0) {
        deliveries.add(new Delivery(at + 6 * random.nextDouble(), sent.get(i)));
      }
    }
    return deliveries.stream()
        .filter(delivery -> random.nextInt(20) != 0)
        .sorted(Comparator.comparingDouble(Delivery::at))
        .map(Delivery::segment)
        .toList();
  }
}
