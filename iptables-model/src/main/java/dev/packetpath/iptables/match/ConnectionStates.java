package dev.packetpath.iptables.match;

import com.google.common.base.Ascii;
import com.google.common.base.Splitter;
import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.ConnectionState;
import dev.packetpath.conntrack.ConnectionStatus;
import dev.packetpath.conntrack.ConnectionTemplate;
import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * The states of a packet that {@code -m conntrack} and {@code -m state} tell apart, as bits.
 *
 * <p>Source: include/uapi/linux/netfilter/xt_conntrack.h, Linux 6.1; the numbers are our own,
 * lowest first in the order that iptables-save prints.
 */
public final class ConnectionStates {
  private static final String[] NAMES = {
    "INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED", "SNAT", "DNAT"
  };

  /** The order in which iptables looks for the state that starts with what was written. */
  private static final int[] LOOK_UP_ORDER = {0, 1, 3, 2, 4, 5, 6};

  private static final int INVALID = 1;
  private static final int NEW = 1 << 1;
  private static final int RELATED = 1 << 2;
  private static final int ESTABLISHED = 1 << 3;
  private static final int UNTRACKED = 1 << 4;
  private static final int SNAT = 1 << 5;
  private static final int DNAT = 1 << 6;

  /** All of them. */
  static final int ALL = (1 << NAMES.length) - 1;

  /** Those that {@code -m state} knows. */
  static final int OF_STATE_MATCH = INVALID | NEW | RELATED | ESTABLISHED | UNTRACKED;

  private ConnectionStates() {}

  /** Reads states with commas between them, in any case, each as short as one likes. */
  static int read(OptionValues options, OptionValues.Given given, int allowed) {
    int bits = 0;
    for (String word : Splitter.on(',').split(given.value())) {
      int state = word.isEmpty() ? 0 : starting(Ascii.toUpperCase(word)) & allowed;
      if (state == 0) {
        throw options.error(
            given, "\"" + given.value() + "\"", "a list of " + toText(allowed).replace(',', ' '));
      }
      bits |= state;
    }
    return bits;
  }

  private static int starting(String prefix) {
    for (int state : LOOK_UP_ORDER) {
      if (NAMES[state].startsWith(prefix)) {
        return 1 << state;
      }
    }
    return 0;
  }

  static String toText(int bits) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < NAMES.length; i++) {
      if ((bits >> i & 1) != 0) {
        text.append(text.isEmpty() ? "" : ",").append(NAMES[i]);
      }
    }
    return text.toString();
  }

  /** Returns whether a packet has neither a connection nor a template of one. */
  static boolean hasNone(Packet packet) {
    return !PacketConnection.connectionOf(packet).exists()
        && PacketConnection.templateOf(packet).equals(ConnectionTemplate.NONE);
  }

  /**
   * Returns the bits that hold for a packet; a template that CT attached counts as new, a state
   * without a connection as invalid.
   */
  public static int of(Packet packet) {
    Connection connection = PacketConnection.connectionOf(packet);
    ConnectionState state = PacketConnection.stateOf(packet);
    int bits =
        switch (state) {
          case NONE ->
              PacketConnection.templateOf(packet).equals(ConnectionTemplate.NONE) ? INVALID : NEW;
          case NEW -> NEW;
          case ESTABLISHED, ESTABLISHED_REPLY -> ESTABLISHED;
          case RELATED, RELATED_REPLY -> connection.exists() ? RELATED : INVALID;
          case UNTRACKED -> UNTRACKED;
        };
    int status = connection.status();
    if ((status & ConnectionStatus.SRC_NAT) != 0) {
      bits |= SNAT;
    }
    if ((status & ConnectionStatus.DST_NAT) != 0) {
      bits |= DNAT;
    }
    return bits;
  }
}
