package dev.packetpath.conntrack;

import dev.packetpath.core.HookState;
import dev.packetpath.core.host.CountedEffects;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;

/**
 * What the first functions on a hook do for first packets of a kind.
 *
 * @param state the hook and the devices
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

  @SuppressWarnings("ReferenceEquality") // equal devices that are other objects are another kind
  boolean isOf(Packet packet, HookState other, int translatedEnds) {
    Device in = state.in();
    Device out = state.out();
    return state.hook() == other.hook()
        && in == other.in()
        && out == other.out()
        && family == packet.family()
        && mark == packet.mark()
        && translated == translatedEnds;
  }
}
