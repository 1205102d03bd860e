package dev.packetpath.conntrack;

import dev.packetpath.core.packet.AttachmentKey;
import dev.packetpath.core.packet.Packet;

/** The connection that a packet carries ({@code skb->_nfct}). */
public final class PacketConnection {
  private static final AttachmentKey<Connection> CONNECTION = AttachmentKey.create(Connection.NONE);
  private static final AttachmentKey<ConnectionState> STATE =
      AttachmentKey.create(ConnectionState.NONE);
  private static final AttachmentKey<ConnectionTemplate> TEMPLATE =
      AttachmentKey.create(ConnectionTemplate.NONE);

  private PacketConnection() {}

  /** Returns the connection of a packet, or {@link Connection#NONE}. */
  public static Connection connectionOf(Packet packet) {
    return packet.attachment(CONNECTION);
  }

  /** Returns how a packet relates to its connection, or {@link ConnectionState#NONE}. */
  public static ConnectionState stateOf(Packet packet) {
    return packet.attachment(STATE);
  }

  /** Returns what a rule said of the connection before the look-up. */
  public static ConnectionTemplate templateOf(Packet packet) {
    return packet.attachment(TEMPLATE);
  }

  /** Gives a packet its connection. */
  public static void set(Packet packet, Connection connection, ConnectionState state) {
    packet.attach(CONNECTION, connection);
    packet.attach(STATE, state);
  }

  /** Takes the connection from a packet, so that rules call it INVALID. */
  public static void clear(Packet packet) {
    set(packet, Connection.NONE, ConnectionState.NONE);
  }

  /**
   * Says that a packet shall have no connection (the NOTRACK target); does nothing if it has one or
   * a template already.
   */
  public static void untrack(Packet packet) {
    if (isBlank(packet)) {
      packet.attach(STATE, ConnectionState.UNTRACKED);
    }
  }

  /**
   * Says where and how a packet's connection is looked up (the CT target); does nothing if it has a
   * connection or a template already, or is untracked.
   */
  public static void template(Packet packet, ConnectionTemplate template) {
    if (isBlank(packet)) {
      packet.attach(TEMPLATE, template);
    }
  }

  /** Takes what a rule said of the connection before the look-up from a packet. */
  @SuppressWarnings("ReferenceEquality") // a template that asks for nothing is taken as well
  static ConnectionTemplate takeTemplate(Packet packet) {
    ConnectionTemplate template = templateOf(packet);
    if (template != ConnectionTemplate.NONE) {
      packet.attach(TEMPLATE, ConnectionTemplate.NONE);
    }
    return template;
  }

  @SuppressWarnings("ReferenceEquality") // a template that asks for nothing is still a template
  private static boolean isBlank(Packet packet) {
    return stateOf(packet) == ConnectionState.NONE && templateOf(packet) == ConnectionTemplate.NONE;
  }
}
