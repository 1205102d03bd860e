package dev.packetpath.compare.lab;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.node.Emission;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import java.util.List;
import java.util.OptionalLong;

/**
 * A client's TCP connections from one address to one Service, packet by packet through a node: the
 * client asks, the server answers and closes, the client closes too, as an HTTP client without
 * keepalive does.
 */
final class Conversation {
  private static final int WINDOW = 64_240;

  /** How far apart the first sequence numbers of connections lie. */
  private static final int SEQUENCE_STEP = 100_000;

  private final Node node;
  private final String clientDevice;
  private final IpAddress client;
  private final IpAddress service;
  private final int servicePort;
  private int nextSequence = 1;

  Conversation(
      Node node, String clientDevice, IpAddress client, IpAddress service, int servicePort) {
    this.node = node;
    this.clientDevice = clientDevice;
    this.client = client;
    this.service = service;
    this.servicePort = servicePort;
  }

  /** A SYN that reached a server. */
  record Opened(int port, int sequence, String serverDevice, IpAddress server, int serverPort) {}

  /** Returns the sequence number of the next connection's SYN, which its repetitions share. */
  int newSequence() {
    int sequence = nextSequence;
    nextSequence += SEQUENCE_STEP;
    return sequence;
  }

  /** Sends a SYN and returns where it went: nowhere, or to one server. */
  List<Opened> open(int port, int sequence, long timeNs) {
    return send(fromClient(port, TcpFlags.SYN, sequence, 0), timeNs).stream()
        .map(out -> opened(port, sequence, out))
        .toList();
  }

  private static Opened opened(int port, int sequence, Emission out) {
    Packet packet = out.packet();
    return new Opened(port, sequence, out.at(), packet.destination(), packet.destinationPort());
  }

  /** Sends what follows the SYN until the server has closed, all at one time. */
  void serve(Opened to, long timeNs) {
    answer(to, TcpFlags.SYN | TcpFlags.ACK, 0, 1, timeNs);
    send(fromClient(to.port(), TcpFlags.ACK, to.sequence() + 1, to.sequence() + 1), timeNs);
    answer(to, TcpFlags.FIN | TcpFlags.ACK, 1, 1, timeNs);
  }

  /** Sends the client's FIN and the acknowledgment of it. */
  void close(Opened to, long timeNs) {
    int flags = TcpFlags.FIN | TcpFlags.ACK;
    send(fromClient(to.port(), flags, to.sequence() + 1, to.sequence() + 2), timeNs);
    answer(to, TcpFlags.ACK, 2, 2, timeNs);
  }

  private void answer(Opened to, int flags, int ahead, int acknowledged, long timeNs) {
    Packet packet =
        new Packet()
            .addresses(to.server(), client)
            .ports(to.serverPort(), to.port())
            .tcpFlags(flags)
            .tcpSequence(to.sequence() + ahead)
            .tcpAcknowledgment(to.sequence() + acknowledged)
            .tcpWindow(WINDOW);
    inject(to.serverDevice(), packet, timeNs);
  }

  private Packet fromClient(int port, int flags, int sequence, int acknowledgment) {
    return new Packet()
        .addresses(client, service)
        .ports(port, servicePort)
        .tcpFlags(flags)
        .tcpSequence(sequence)
        .tcpAcknowledgment(acknowledgment)
        .tcpWindow(WINDOW);
  }

  private List<Emission> send(Packet packet, long timeNs) {
    return inject(clientDevice, packet, timeNs);
  }

  private List<Emission> inject(String device, Packet packet, long timeNs) {
    return node.inject(new Injection(device, packet, OptionalLong.of(timeNs))).emissions();
  }
}
