package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.host.AddressType;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Errno;
import dev.packetpath.core.host.Network;
import dev.packetpath.core.host.Route;
import dev.packetpath.core.host.RouteQuery;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The network of a node that tells only its rules. Any name is a device. Which addresses are local
 * is taken from what was told, or guessed:
 *
 * <ul>
 *   <li>the source of a received packet is another host, that of a sent one is this host;
 *   <li>the destination of a received packet is this host, unless the rules treat it as another, or
 *       the source is private and the destination is not;
 *   <li>an address that appears only by translation is another host.
 * </ul>
 *
 * <p>Each guess that is asked for is a {@link Premise}. Belongs to one thread.
 */
final class AssumedNetwork implements Network {
  /** The name of a device that no rule names. */
  static final String UNNAMED = "?";

  private static final IpAddress PLACEHOLDER_V4 = IpAddress.parse("192.0.2.1");
  private static final IpAddress PLACEHOLDER_V6 = IpAddress.parse("2001:db8::1");

  private final RuleHints hints;
  private final ImmutableSet<IpAddress> told;
  private final Optional<String> out;
  private final Premises premises;
  private final Map<String, Device> devices = new LinkedHashMap<>();
  private final Map<IpAddress, Device> senders = new HashMap<>();
  private final Map<IpAddress, Boolean> guesses = new LinkedHashMap<>();
  private int lastIndex = 1;

  /**
   * Creates a network.
   *
   * @param told the local addresses, if any were told: then no other is local
   * @param out the device by which forwarded and sent packets leave, if told
   */
  AssumedNetwork(
      RuleHints hints, ImmutableSet<IpAddress> told, Optional<String> out, Premises premises) {
    this.hints = hints;
    this.told = told;
    this.out = out;
    this.premises = premises;
    devices.put("lo", Device.lo());
  }

  /** Learns what can be told from a packet that arrives on a device. */
  void received(IpAddress source, IpAddress destination, String device) {
    senders.putIfAbsent(source, device(device));
    guesses.putIfAbsent(source, false);
    guesses.putIfAbsent(destination, guessDestination(source, destination));
  }

  /** Learns what can be told from a packet that this host sends. */
  void sent(IpAddress source, IpAddress destination) {
    guesses.putIfAbsent(source, true);
    guesses.putIfAbsent(destination, false);
  }

  private boolean guessDestination(IpAddress source, IpAddress destination) {
    if (hints.isOwn(destination)) {
      return true;
    }
    return !hints.isElsewhere(destination)
        && !(PrivateAddresses.contains(source) && !PrivateAddresses.contains(destination));
  }

  /** Returns a device's name for people. */
  static String nameOf(String device) {
    return device.equals(UNNAMED) ? "a device that no rule names" : device;
  }

  @Override
  public ImmutableList<Device> devices() {
    return ImmutableList.copyOf(devices.values());
  }

  @Override
  public Device device(String name) {
    return devices.computeIfAbsent(name, key -> Device.ethernet(key, ++lastIndex));
  }

  @Override
  public Route route(RouteQuery query) {
    IpAddress to = query.destination();
    boolean received = query.in().exists();
    if (isLocal(to)) {
      return route(AddressType.LOCAL, device("lo"), to);
    }
    if (to.isMulticast() || to.isLimitedBroadcast()) {
      AddressType type = to.isMulticast() ? AddressType.MULTICAST : AddressType.BROADCAST;
      return route(type, received ? query.in() : outDevice(to), to);
    }
    return route(AddressType.UNICAST, query.out().exists() ? query.out() : outDevice(to), to);
  }

  private static Route route(AddressType type, Device device, IpAddress to) {
    IpAddress any = IpAddress.any(to.family());
    return new Route(type, device, any, any, Errno.OK);
  }

  private Device outDevice(IpAddress to) {
    Device sender = senders.get(to);
    if (sender != null) {
      return sender;
    }
    if (out.isPresent()) {
      return device(out.get());
    }
    String usual =
        hints
            .deviceOf(to)
            .or(() -> PrivateAddresses.contains(to) ? Optional.empty() : hints.uplink())
            .orElse(UNNAMED);
    return device(
        premises.take(Premise.OutDevice.class, new Premise.OutDevice(to, usual)).device());
  }

  private boolean isLocal(IpAddress address) {
    if (address.isLoopback() || told.contains(address)) {
      return true;
    }
    if (!told.isEmpty() || senders.containsKey(address) || address.isMulticast()) {
      return false;
    }
    if (address.equals(PLACEHOLDER_V4) || address.equals(PLACEHOLDER_V6)) {
      return true;
    }
    boolean usual = guesses.getOrDefault(address, hints.isOwn(address));
    return premises.take(Premise.Local.class, new Premise.Local(address, usual)).local();
  }

  @Override
  public AddressType addressType(IpAddress address, Device device) {
    if (address.family() == IpFamily.IPV4
        && (address.low() >>> 24 == 0 || address.isLimitedBroadcast())) {
      return AddressType.BROADCAST;
    }
    if (address.isMulticast()) {
      return AddressType.MULTICAST;
    }
    return isLocal(address) ? AddressType.LOCAL : AddressType.UNICAST;
  }

  @Override
  public IpAddress selectSource(Device out, IpAddress nextHop) {
    IpFamily family = nextHop.family();
    Optional<IpAddress> ofTold =
        told.stream()
            .filter(address -> address.family() == family)
            .max((a, b) -> Integer.compare(commonBits(a, nextHop), commonBits(b, nextHop)));
    if (ofTold.isPresent()) {
      return ofTold.get();
    }
    IpAddress usual =
        guesses.entrySet().stream()
            .filter(guess -> guess.getValue() && guess.getKey().family() == family)
            .map(Map.Entry::getKey)
            .findFirst()
            .or(() -> hints.ownAddress(family))
            .orElse(family == IpFamily.IPV4 ? PLACEHOLDER_V4 : PLACEHOLDER_V6);
    return premises
        .take(Premise.SourceAddress.class, new Premise.SourceAddress(out.name(), usual))
        .address();
  }

  @Override
  public IpAddress primaryAddress(Device device, IpFamily family) {
    return device.loopback()
        ? IpAddress.parse(family == IpFamily.IPV4 ? "127.0.0.1" : "::1")
        : selectSource(device, IpAddress.any(family));
  }

  private static int commonBits(IpAddress one, IpAddress other) {
    int high = Long.numberOfLeadingZeros(one.high() ^ other.high());
    return high < 64 ? high : 64 + Long.numberOfLeadingZeros(one.low() ^ other.low());
  }
}
