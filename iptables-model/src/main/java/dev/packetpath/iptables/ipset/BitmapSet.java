package dev.packetpath.iptables.ipset;

import dev.packetpath.core.HookState;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * {@code bitmap:ip} and {@code bitmap:port}: one place for each address, network or port of a
 * range. A lookup costs one probe, none outside the range.
 *
 * <p>Source: net/netfilter/ipset/ip_set_bitmap_ip.c, ip_set_bitmap_port.c and ip_set_bitmap_gen.h,
 * Linux 6.1.
 */
final class BitmapSet extends NamedSet {
  private static final long OUTSIDE = -1;

  private final Member[] places;
  private final boolean ports;
  private final int hostBits;

  BitmapSet(SetSpec spec, SetContext context) {
    super(spec, context);
    places = new Member[(int) spec.bitmapElements()];
    Arrays.fill(places, Member.ABSENT);
    ports = spec.type() == SetType.BITMAP_PORT;
    hostBits = ports ? 0 : 32 - spec.netmask();
  }

  /** The address or port of a packet, or {@link #OUTSIDE} the range. */
  private long value(Packet packet, boolean source) {
    long value;
    if (ports) {
      boolean counts = packet.protocol() == IpProtocol.TCP || packet.protocol() == IpProtocol.UDP;
      value = counts ? PacketPort.of(packet, source) : OUTSIDE;
    } else {
      value = source ? packet.sourceLow() : packet.destinationLow();
    }
    return value < spec.rangeFirst() || value > spec.rangeLast() ? OUTSIDE : value;
  }

  private int index(long value) {
    return (int) ((value - spec.rangeFirst()) >>> hostBits);
  }

  @Override
  int lookup(Packet packet, HookState state, SetDimensions dimensions) {
    long value = value(packet, dimensions.isSource(0));
    if (value == OUTSIDE) {
      return MISS;
    }
    context.countProbe();
    Member member = places[index(value)];
    return !member.isAbsent() && matchExtensions(member) ? MATCH : MISS;
  }

  @Override
  boolean addPacket(Packet packet, HookState state, SetDimensions dimensions, PacketAdd options) {
    long value = value(packet, dimensions.isSource(0));
    if (value == OUTSIDE || (isTaken(index(value)) && !options.exist())) {
      return false;
    }
    writeExtensions(occupy(index(value)), packet, options);
    return true;
  }

  @Override
  boolean deletePacket(Packet packet, HookState state, SetDimensions dimensions) {
    long value = value(packet, dimensions.isSource(0));
    if (value == OUTSIDE || !isTaken(index(value))) {
      return false;
    }
    places[index(value)] = Member.ABSENT;
    return true;
  }

  private boolean isTaken(int index) {
    return !places[index].isAbsent() && !isExpired(places[index]);
  }

  private Member occupy(int index) {
    if (places[index].isAbsent()) {
      places[index] = new Member();
    }
    return places[index];
  }

  @Override
  void add(SetEntry entry, boolean exist) {
    checkExtensions(entry);
    long last = checkedLast(entry.element());
    for (long value = first(entry.element()); value <= last; value += 1L << hostBits) {
      if (isTaken(index(value)) && !exist) {
        throw new IpsetException(IpsetError.ELEMENT_EXISTS, text(index(value)).toString());
      }
      writeExtensions(occupy(index(value)), entry);
    }
  }

  @Override
  void delete(SetEntry entry, boolean exist) {
    long last = checkedLast(entry.element());
    for (long value = first(entry.element()); value <= last; value += 1L << hostBits) {
      if (!isTaken(index(value)) && !exist) {
        throw new IpsetException(IpsetError.NO_ELEMENT, text(index(value)).toString());
      }
      places[index(value)] = Member.ABSENT;
    }
  }

  @Override
  boolean test(SetEntry entry) {
    checkedLast(entry.element());
    return isTaken(index(first(entry.element())));
  }

  private long first(SetElement element) {
    ElementPart part = element.parts().get(0);
    return part instanceof ElementPart.Ports range
        ? range.first()
        : ElementExpansion.first(part).low();
  }

  private long checkedLast(SetElement element) {
    ElementPart part = element.parts().get(0);
    long last =
        part instanceof ElementPart.Ports range ? range.last() : ElementExpansion.last(part).low();
    if (first(element) < spec.rangeFirst() || last > spec.rangeLast()) {
      throw new IpsetException(IpsetError.OUT_OF_RANGE, element.toString());
    }
    return last;
  }

  @Override
  void flush() {
    Arrays.fill(places, Member.ABSENT);
  }

  @Override
  long size() {
    long size = 0;
    for (int i = 0; i < places.length; i++) {
      size += isTaken(i) ? 1 : 0;
    }
    return size;
  }

  @Override
  void forEach(Consumer<SetEntry> action) {
    for (int i = 0; i < places.length; i++) {
      if (isTaken(i)) {
        action.accept(toEntry(text(i), places[i]));
      }
    }
  }

  private SetElement text(int index) {
    long value = spec.rangeFirst() + ((long) index << hostBits);
    return SetElement.of(
        ports
            ? new ElementPart.Ports(0, (int) value, (int) value)
            : new ElementPart.Network(IpPrefix.host(IpAddress.ipv4((int) value))));
  }
}
