package dev.packetpath.iptables.ipset;

import dev.packetpath.core.HookState;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.packet.Packet;
import java.util.function.Consumer;

/**
 * A set of a hash type: how elements come and go, whatever table keeps them.
 *
 * <p>Source: net/netfilter/ipset/ip_set_hash_gen.h, Linux 6.1. Simplified: with {@code forceadd} a
 * full set drops its oldest element, where the kernel drops one of the new element's bucket and
 * refuses if that is empty; elements that timed out are collected all at once.
 */
abstract class KeyedSet extends NamedSet {
  private static final long MAX_COLLECTION_SECONDS = 180;

  /** What is being looked for; set before {@link #find}. */
  final Member probe = new Member();

  private long nextCollectionNs = Long.MIN_VALUE;

  KeyedSet(SetSpec spec, SetContext context) {
    super(spec, context);
  }

  /** Returns the element equal to {@link #probe}, or {@link Member#ABSENT}. */
  abstract Member find();

  abstract void insert(Member member);

  abstract void remove(Member member);

  /** The elements in the order of adding, those that timed out included. */
  abstract Iterable<Member> members();

  /** The number of elements, those that timed out included. */
  abstract long stored();

  /** Sets {@link #probe} to what a packet would add; returns whether it shows an element. */
  abstract boolean probeForAdd(Packet packet, HookState state, SetDimensions dimensions);

  /** Sets what a written element has beside its key. */
  abstract void probeDevice(SetEntry entry);

  /** Looks {@link #probe} up over all prefix lengths. */
  abstract int lookupProbe();

  /** Returns whether {@link #probe} is one host in each of its networks. */
  abstract boolean isHostProbe();

  /** Returns the written form of an element. */
  abstract SetElement toElement(Member member);

  @Override
  final void add(SetEntry entry, boolean exist) {
    checkExtensions(entry);
    collect();
    ElementExpansion.forEach(
        spec,
        entry.element(),
        key -> {
          probe.copyFrom(key);
          probeDevice(entry);
          Member member = find();
          if (member.isAbsent()) {
            makeRoom(entry.element());
            member = newMember();
            insert(member);
          } else if (!exist && !isExpired(member)) {
            throw new IpsetException(IpsetError.ELEMENT_EXISTS, toElement(member).toString());
          }
          writeExtensions(member, entry);
        });
  }

  @Override
  final boolean addPacket(
      Packet packet, HookState state, SetDimensions dimensions, PacketAdd options) {
    collect();
    if (!probeForAdd(packet, state, dimensions)) {
      return false;
    }
    Member member = find();
    if (member.isAbsent()) {
      if (isFull()) {
        return false;
      }
      member = newMember();
      insert(member);
    } else if (!options.exist() && !isExpired(member)) {
      return false;
    }
    writeExtensions(member, packet, options);
    return true;
  }

  private Member newMember() {
    Member member = new Member();
    member.copyFrom(probe);
    member.device = probe.device;
    member.bridgePort = probe.bridgePort;
    member.wildcard = probe.wildcard;
    return member;
  }

  private void makeRoom(SetElement element) {
    if (isFull()) {
      throw new IpsetException(IpsetError.FULL, element.toString());
    }
  }

  /** Whether there is no room, after what the kernel does to make some. */
  private boolean isFull() {
    if (stored() < spec.maxElements()) {
      return false;
    }
    removeExpired();
    if (stored() >= spec.maxElements() && spec.forceadd() && stored() > 0) {
      remove(members().iterator().next());
    }
    return stored() >= spec.maxElements();
  }

  @Override
  final void delete(SetEntry entry, boolean exist) {
    ElementExpansion.forEach(
        spec,
        entry.element(),
        key -> {
          probe.copyFrom(key);
          probeDevice(entry);
          Member member = find();
          boolean there = !member.isAbsent() && !isExpired(member);
          if (!member.isAbsent()) {
            remove(member);
          }
          if (!there && !exist) {
            throw new IpsetException(IpsetError.NO_ELEMENT, entry.element().toString());
          }
        });
  }

  @Override
  final boolean deletePacket(Packet packet, HookState state, SetDimensions dimensions) {
    if (!probeForAdd(packet, state, dimensions)) {
      return false;
    }
    Member member = find();
    if (member.isAbsent() || isExpired(member)) {
      return false;
    }
    remove(member);
    return true;
  }

  /** Asks for the first element that the text stands for, as the kernel does. */
  @Override
  final boolean test(SetEntry entry) {
    context.startQuestion();
    int[] result = {MISS};
    boolean[] asked = {false};
    ElementExpansion.forEach(
        spec,
        entry.element(),
        key -> {
          if (!asked[0]) {
            asked[0] = true;
            probe.copyFrom(key);
            probeDevice(entry);
            result[0] = isHostProbe() ? lookupProbe() : matchExactly();
          }
        });
    return result[0] == (entry.nomatch() ? EXCEPTION : MATCH);
  }

  private int matchExactly() {
    Member member = find();
    return member.isAbsent() ? MISS : match(member);
  }

  /** mtype_data_match. */
  final int match(Member member) {
    if (!matchExtensions(member)) {
      return MISS;
    }
    return member.nomatch ? EXCEPTION : MATCH;
  }

  /** Drops what timed out, as often as the kernel's collector comes by (IPSET_GC_PERIOD). */
  final void collect() {
    if (spec.hasTimeout() && context.clock.nowNs() >= nextCollectionNs) {
      removeExpired();
      long seconds = Math.min(MAX_COLLECTION_SECONDS, Math.max(1, spec.timeoutSeconds() / 3));
      nextCollectionNs = context.clock.nowNs() + seconds * VirtualClock.NS_PER_SECOND;
    }
  }

  abstract void removeExpired();

  @Override
  final long size() {
    long size = 0;
    if (!spec.hasTimeout()) {
      return stored();
    }
    for (Member member : members()) {
      size += isExpired(member) ? 0 : 1;
    }
    return size;
  }

  @Override
  final void forEach(Consumer<SetEntry> action) {
    for (Member member : members()) {
      if (!isExpired(member)) {
        action.accept(toEntry(toElement(member), member));
      }
    }
  }
}
