package dev.packetpath.iptables.match;

import com.google.common.primitives.UnsignedInts;
import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.ConnectionState;
import dev.packetpath.conntrack.ConnectionStatus;
import dev.packetpath.conntrack.Direction;
import dev.packetpath.iptables.OptionPrinter;

/** One option of {@code -m conntrack} that asks something of the packet's connection. */
public sealed interface ConntrackTest {
  /** Returns whether the option holds. */
  boolean holds(Connection connection, ConnectionState state, long nowNs);

  /** Prints the option as iptables-save does. */
  void print(OptionPrinter out);

  /**
   * The protocol, {@code --ctproto}.
   *
   * @param protocol its number, 0 to 255
   * @param inverted whether the sense is reversed
   */
  record Protocol(int protocol, boolean inverted) implements ConntrackTest {
    @Override
    public boolean holds(Connection connection, ConnectionState state, long nowNs) {
      return (connection.protocol() == protocol) != inverted;
    }

    @Override
    public void print(OptionPrinter out) {
      out.option(inverted, "--ctproto", Integer.toString(protocol));
    }
  }

  /**
   * An address of a tuple, such as {@code --ctorigdst}.
   *
   * @param side which address
   * @param address what it must be
   * @param inverted whether the sense is reversed
   */
  record Address(TupleSide side, HostMask address, boolean inverted) implements ConntrackTest {
    @Override
    public boolean holds(Connection connection, ConnectionState state, long nowNs) {
      return address.matches(side.high(connection), side.low(connection)) != inverted;
    }

    @Override
    public void print(OptionPrinter out) {
      out.option(inverted, side.addressOption(), address.toString());
    }
  }

  /**
   * A port of a tuple, such as {@code --ctorigdstport}; for ICMP the identifier, or type and code.
   *
   * @param side which port
   * @param first the lowest
   * @param last the highest; below {@code first} no port is in the range
   * @param inverted whether the sense is reversed
   */
  record Port(TupleSide side, int first, int last, boolean inverted) implements ConntrackTest {
    @Override
    public boolean holds(Connection connection, ConnectionState state, long nowNs) {
      int port = side.port(connection);
      return (port >= first && port <= last) != inverted;
    }

    @Override
    public void print(OptionPrinter out) {
      boolean one = last == first || last == 0;
      String range = one ? Integer.toString(first) : first + ":" + last;
      out.option(inverted, side.portOption(), range);
    }
  }

  /**
   * Status bits, {@code --ctstatus}; no bit at all is NONE, which no connection has.
   *
   * @param bits any of them must be set
   * @param inverted whether the sense is reversed
   */
  record Status(int bits, boolean inverted) implements ConntrackTest {
    /** What the kernel gives a template that a CT target attaches. */
    private static final int OF_TEMPLATE = ConnectionStatus.TEMPLATE | ConnectionStatus.CONFIRMED;

    @Override
    public boolean holds(Connection connection, ConnectionState state, long nowNs) {
      int status = connection.exists() ? connection.status() : OF_TEMPLATE;
      return ((status & bits) != 0) != inverted;
    }

    @Override
    public void print(OptionPrinter out) {
      out.option(inverted, "--ctstatus", ConnectionStatusNames.toText(bits));
    }
  }

  /**
   * The whole seconds until the entry ends, {@code --ctexpire}.
   *
   * @param min the least, unsigned
   * @param max the most, unsigned
   * @param inverted whether the sense is reversed
   */
  record Expires(int min, int max, boolean inverted) implements ConntrackTest {
    @Override
    public boolean holds(Connection connection, ConnectionState state, long nowNs) {
      long seconds = connection.remainingSeconds(nowNs);
      return (seconds >= UnsignedInts.toLong(min) && seconds <= UnsignedInts.toLong(max))
          != inverted;
    }

    @Override
    public void print(OptionPrinter out) {
      String least = UnsignedInts.toString(min);
      out.option(
          inverted, "--ctexpire", min == max ? least : least + ":" + UnsignedInts.toString(max));
    }
  }

  /**
   * The packet's direction, {@code --ctdir}.
   *
   * @param direction which
   */
  record Way(Direction direction) implements ConntrackTest {
    @Override
    public boolean holds(Connection connection, ConnectionState state, long nowNs) {
      return state.direction() == direction;
    }

    @Override
    public void print(OptionPrinter out) {
      out.option("--ctdir", direction.name());
    }
  }
}
