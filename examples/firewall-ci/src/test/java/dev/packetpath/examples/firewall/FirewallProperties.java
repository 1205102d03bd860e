package dev.packetpath.examples.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.SnapshotReader;
import dev.packetpath.testkit.Generators;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The rules in {@code node/iptables-save.txt} do what they are there for, whatever comes. Copy this
 * into a project of your own and put the output of {@code iptables-save} and {@code ip -j address}
 * of your host into its {@code node} folder.
 */
final class FirewallProperties {
  private static final IpAddress HOST = IpAddress.parse("10.0.1.1");
  private static final IpPrefix OFFICE = IpPrefix.parse("10.0.1.8/29");
  private static final Set<Integer> PUBLIC_PORTS = Set.of(80, 443);
  private static final int SSH = 22;
  private static final NodeSnapshot SNAPSHOT = read();

  private static NodeSnapshot read() {
    try {
      return SnapshotReader.read(Path.of("node"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Provide
  Arbitrary<Packet> packets() {
    return Generators.packets(IpFamily.IPV4)
        .filter(packet -> !packet.source().equals(HOST))
        .map(packet -> packet.destination(HOST));
  }

  /** A packet that nothing went before reaches the host only where it is invited. */
  @Property
  void aStrangerReachesOnlyWhatIsOpen(@ForAll("packets") Packet packet) {
    assertThat(!reachesHost(Node.of(SNAPSHOT), packet) || isInvited(packet)).isTrue();
  }

  /** Nothing in the order of packets opens a port. */
  @Property
  void whatWentBeforeOpensNothing(
      @ForAll List<@From("packets") Packet> before, @ForAll("packets") Packet packet) {
    Node node = Node.of(SNAPSHOT);
    before.stream().filter(other -> !isInvited(other)).forEach(other -> reachesHost(node, other));
    assertThat(!reachesHost(node, packet) || isInvited(packet)).isTrue();
  }

  /** A connection that the host itself opens gets its answer. */
  @Property
  void theHostGetsItsAnswers(@ForAll("packets") Packet packet) {
    Node node = Node.of(SNAPSHOT);
    Packet query =
        new Packet().addresses(HOST, packet.source()).protocol(IpProtocol.UDP).ports(40000, 53);
    node.inject(Injection.local(query));
    Packet answer =
        new Packet().addresses(packet.source(), HOST).protocol(IpProtocol.UDP).ports(53, 40000);
    assertThat(reachesHost(node, answer)).isTrue();
  }

  private static boolean reachesHost(Node node, Packet packet) {
    return node.inject(Injection.on("eth0", packet.copy())).emissions().stream()
        .anyMatch(emission -> emission.at().equals("local"));
  }

  private static boolean isInvited(Packet packet) {
    return switch (packet.protocol()) {
      case IpProtocol.TCP ->
          (packet.tcpFlags() & TcpFlags.RST) == 0
              && (PUBLIC_PORTS.contains(packet.destinationPort())
                  || (packet.destinationPort() == SSH && OFFICE.contains(packet.source())));
      case IpProtocol.ICMP -> true;
      default -> false;
    };
  }
}
