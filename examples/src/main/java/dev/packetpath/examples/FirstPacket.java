package dev.packetpath.examples;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.*;
import dev.packetpath.node.*;

final class FirstPacket {
  public static void main(String[] args) {
    IpAddress pod = IpAddress.parse("10.244.1.7");
    Packet syn = new Packet().addresses(pod, IpAddress.parse("10.96.0.20")).ports(40000, 80);
    PacketResult result =
        Node.of(ExampleNode.snapshot()).inject(Injection.on("cni0", syn.tcpFlags(TcpFlags.SYN)));
    System.out.println(result.emissions() + " after " + result.rulesTraversed());
  }
}
