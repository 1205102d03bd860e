package dev.packetpath.iptables.ipset;

import dev.packetpath.core.HookState;
import dev.packetpath.core.packet.Packet;
import java.util.function.Consumer;

/** The elements of one set, in whatever form its type keeps them. */
abstract class NamedSet {
  /** A packet hit an element. */
  static final int MATCH = 1;

  /** A packet hit none, or has nothing that could be looked up. */
  static final int MISS = 0;

  /** A packet hit an exception (-ENOTEMPTY). */
  static final int EXCEPTION = -1;

  final SetContext context;
  SetSpec spec;

  NamedSet(SetSpec spec, SetContext context) {
    this.spec = spec;
    this.context = context;
  }

  /** ip_set_test: what the set says to a rule, checks of dimensions and family included. */
  final int test(Packet packet, HookState state, SetDimensions dimensions) {
    context.work.add(SetContext.SET_LOOKUP);
    if (!takes(packet, dimensions)) {
      return MISS;
    }
    int result = lookup(packet, state, dimensions);
    if (context.options.returnNomatch() && spec.type().hasNomatch() && result != MISS) {
      return result == MATCH ? EXCEPTION : MATCH;
    }
    return result;
  }

  final boolean takes(Packet packet, SetDimensions dimensions) {
    return dimensions.size() >= spec.type().dimensions()
        && (spec.type().isFamilyless() || spec.family() == packet.family());
  }

  /** Looks a packet of the right family up. */
  abstract int lookup(Packet packet, HookState state, SetDimensions dimensions);

  /** Adds what a packet shows; returns whether that worked. */
  abstract boolean addPacket(
      Packet packet, HookState state, SetDimensions dimensions, PacketAdd options);

  /** Removes what a packet shows; returns whether that worked. */
  abstract boolean deletePacket(Packet packet, HookState state, SetDimensions dimensions);

  /** Adds written elements, one after the other until one fails. */
  abstract void add(SetEntry entry, boolean exist);

  /** Removes written elements, one after the other until one fails. */
  abstract void delete(SetEntry entry, boolean exist);

  /** Returns whether a written element is in the set. */
  abstract boolean test(SetEntry entry);

  abstract void flush();

  /** The number of elements, without those that timed out. */
  abstract long size();

  /** Hands the elements on as {@code ipset save} would print them now. */
  abstract void forEach(Consumer<SetEntry> action);

  final void checkExtensions(SetEntry entry) {
    if (entry.timeoutSeconds() != SetEntry.UNSET && !spec.hasTimeout()) {
      throw new IpsetException(IpsetError.NO_TIMEOUTS, entry.element().toString());
    }
    boolean counts = entry.packets() != SetEntry.UNSET || entry.bytes() != SetEntry.UNSET;
    if (counts && !spec.counters()) {
      throw new IpsetException(IpsetError.NO_COUNTERS, entry.element().toString());
    }
    if (!entry.comment().isEmpty() && !spec.comment()) {
      throw new IpsetException(IpsetError.NO_COMMENTS, entry.element().toString());
    }
    if (!entry.skbinfo().equals(SkbInfo.NONE) && !spec.skbinfo()) {
      throw new IpsetException(IpsetError.NO_SKBINFO, entry.element().toString());
    }
  }

  /** Takes over what {@code ipset add} says. */
  final void writeExtensions(Member member, SetEntry entry) {
    member.nomatch = entry.nomatch();
    if (entry.packets() != SetEntry.UNSET) {
      member.packets = entry.packets();
    }
    if (entry.bytes() != SetEntry.UNSET) {
      member.bytes = entry.bytes();
    }
    member.comment = entry.comment();
    member.skbinfo = entry.skbinfo();
    if (spec.hasTimeout()) {
      long seconds =
          entry.timeoutSeconds() == SetEntry.UNSET ? spec.timeoutSeconds() : entry.timeoutSeconds();
      member.expireAfter(seconds, context.clock.nowNs());
    }
  }

  /** Sets what an element added by a packet has: one packet of its length. */
  final void writeExtensions(Member member, Packet packet, PacketAdd options) {
    member.nomatch = false;
    if (spec.counters()) {
      member.packets = 1;
      member.bytes = packet.length();
    }
    member.comment = "";
    member.skbinfo = SkbInfo.NONE;
    if (spec.hasTimeout()) {
      long seconds =
          options.timeoutSeconds() == SetEntry.UNSET
              ? spec.timeoutSeconds()
              : Math.min(options.timeoutSeconds(), SetSpec.MAX_TIMEOUT_SECONDS);
      member.expireAfter(seconds, context.clock.nowNs());
    }
  }

  /** ip_set_match_extensions: counts the hit, then compares. */
  final boolean matchExtensions(Member member) {
    if (isExpired(member)) {
      return false;
    }
    if (spec.counters()) {
      if (context.updateCounters) {
        member.packets++;
        member.bytes += context.packetBytes;
      }
      if (context.compareCounters
          && !(context.options.packets().holds(member.packets)
              && context.options.bytes().holds(member.bytes))) {
        return false;
      }
    }
    if (spec.skbinfo()) {
      context.skbinfo = member.skbinfo;
    }
    return true;
  }

  final boolean isExpired(Member member) {
    return spec.hasTimeout() && member.isExpired(context.clock.nowNs());
  }

  final SetEntry toEntry(SetElement element, Member member) {
    return new SetEntry(
        element,
        spec.hasTimeout() ? member.remainingSeconds(context.clock.nowNs()) : SetEntry.UNSET,
        member.nomatch,
        member.wildcard,
        spec.counters() ? member.packets : SetEntry.UNSET,
        spec.counters() ? member.bytes : SetEntry.UNSET,
        member.comment,
        member.skbinfo,
        SetEntry.Placement.ANYWHERE);
  }
}
