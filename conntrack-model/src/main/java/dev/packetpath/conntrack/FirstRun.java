package dev.packetpath.conntrack;

import dev.packetpath.core.HookState;
import dev.packetpath.core.host.CountedEffects;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;

/**
 * What the first functions on a hook do for first packets of a kind.
 *
 * @param state the hook and the devices; the devices alone if the functions are those of FORWARD
 *     and POSTROUTING
 * @param family the packets' family
 * @param mark the packets' mark
 * @param translated which ends of the connection are translated, see {@link
 *     ConnectionStatus#NAT_MASK}
 * @param functions how many functions these are, 0 if it is not known what they do
 * @param translates whether NAT is one of them
 * @param effects what the functions do, but for what {@link FirstPackets} does itself
 */
record FirstRun(
    HookState state,
    IpFamily family,
    int mark,
    int translated,
    int functions,
    boolean translates,
    CountedEffects effects) {

  @SuppressWarnings("ReferenceEquality") // mostly the same; then its parts need not be read
  boolean isOf(Packet packet, HookState other, int translatedEnds) {
    return (state == other || isAt(other)) && isLike(packet, translatedEnds);
  }

  private boolean isAt(HookState other) {
    return state.hook() == other.hook() && isBetween(other.in(), other.out());
  }

  /** Returns whether packets between two devices, of whatever hook, are of the kind. */
  boolean isOfForwarded(Packet packet, Device in, Device out, int translatedEnds) {
    return isBetween(in, out) && isLike(packet, translatedEnds);
  }

  @SuppressWarnings("ReferenceEquality") // equal devices that are other objects are another kind
  private boolean isBetween(Device in, Device out) {
    return state.in() == in && state.out() == out;
  }

  private boolean isLike(Packet packet, int translatedEnds) {
    return family == packet.family() && mark == packet.mark() && translated == translatedEnds;
  }
}
