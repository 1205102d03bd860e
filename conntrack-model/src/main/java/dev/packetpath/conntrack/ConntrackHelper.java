package dev.packetpath.conntrack;

import dev.packetpath.core.Verdict;
import dev.packetpath.core.packet.Packet;

/**
 * Reads the payload of connections that a rule gave it ({@code -j CT --helper}) and says which
 * other connections they announce ({@code struct nf_conntrack_helper},
 * include/net/netfilter/nf_conntrack_helper.h, Linux 6.1). One object serves one host.
 */
public interface ConntrackHelper {
  /** Returns the name that rules use. */
  String name();

  /** Returns the IANA number of the transport protocol whose connections it reads. */
  int protocol();

  /** Returns how many connections one connection may have announced at a time. */
  int maxExpected();

  /** Returns for how many seconds an announced connection is waited for. */
  long timeoutSeconds();

  /**
   * Reads a packet that has passed everything else, after NAT.
   *
   * @param packet the packet, whose payload it may rewrite
   * @param connection its connection, which has seen a reply
   * @param direction the direction that the packet travels in
   * @param expectations where announced connections are noted
   * @return ACCEPT, or DROP for a packet that is cut short
   */
  Verdict help(
      Packet packet, Connection connection, Direction direction, Expectations expectations);

  /** Forgets a connection that left the table. */
  void forget(Connection connection);
}
