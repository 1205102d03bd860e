package dev.packetpath.iptables.ipset;

/** A name's place in the namespace: what references hold on to while sets are swapped. */
final class SetSlot {
  NamedSet set;
  int references;

  SetSlot(NamedSet set) {
    this.set = set;
  }
}
