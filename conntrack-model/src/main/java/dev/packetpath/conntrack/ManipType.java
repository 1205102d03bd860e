package dev.packetpath.conntrack;

import dev.packetpath.core.Hook;

/** Which end of a packet NAT rewrites ({@code enum nf_nat_manip_type}, Linux 6.1). */
public enum ManipType {
  /** The source, at POSTROUTING and INPUT. */
  SOURCE(ConnectionStatus.SRC_NAT, ConnectionStatus.SRC_NAT_DONE),
  /** The destination, at PREROUTING and OUTPUT. */
  DESTINATION(ConnectionStatus.DST_NAT, ConnectionStatus.DST_NAT_DONE);

  private final int statusBit;
  private final int doneBit;

  ManipType(int statusBit, int doneBit) {
    this.statusBit = statusBit;
    this.doneBit = doneBit;
  }

  /** Returns what NAT rewrites at a hook. */
  public static ManipType at(Hook hook) {
    return hook == Hook.POSTROUTING || hook == Hook.INPUT ? SOURCE : DESTINATION;
  }

  /** Returns the status bit that says that packets are rewritten here. */
  int statusBit() {
    return statusBit;
  }

  /** Returns the status bit that says that the decision was made. */
  int doneBit() {
    return doneBit;
  }

  ManipType opposite() {
    return this == SOURCE ? DESTINATION : SOURCE;
  }
}
