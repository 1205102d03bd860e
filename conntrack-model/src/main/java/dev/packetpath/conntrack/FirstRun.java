package dev.packetpath.conntrack;

import dev.packetpath.core.HookState;
import dev.packetpath.core.host.CountedEffects;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import java.util.Optional;

/**
 * What the first functions on a hook do, or all on PREROUTING, or all on FORWARD and POSTROUTING,
 * for first packets of a kind.
 *
 * @param state the hook and the devices
 * @param family the packets' family
 * @param mark the packets' mark
 * @param translated which ends of the connection are translated, see {@link
 *     ConnectionStatus#NAT_MASK}
 * @param functions how many functions these are, with {@code nat}; 0 if it is not known what they
 *     do
 * @param translates whether NAT at POSTROUTING is one of them
 * @param nat the last of those on PREROUTING, whose chains have to be asked for each packet
 * @param effects what the functions do, but for what {@link FirstPackets} does itself
 */
record FirstRun(
    HookState state,
    IpFamily family,
    int mark,
    int translated,
    int functions,
    boolean translates,
    Optional<NatHook> nat,
    CountedEffects effects) {

  /** Returns whether packets between two devices are of the kind. */
  @SuppressWarnings("ReferenceEquality") // equal devices that are other objects are another kind
  boolean isOf(Packet packet, Device in, Device out, int translatedEnds) {
    return state.in() == in
        && state.out() == out
        && family == packet.family()
        && mark == packet.mark()
        && translated == translatedEnds;
  }
}
