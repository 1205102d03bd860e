package dev.packetpath.iptables.ipset;

import dev.packetpath.core.net.IpFamily;
import java.util.Arrays;

/**
 * The distinct prefix lengths of the networks in a set, longest first, each with its use count.
 *
 * <p>Source: net/netfilter/ipset/ip_set_hash_gen.h, mtype_add_cidr and mtype_del_cidr, Linux 6.1.
 */
final class PrefixLengths {
  private final int[] uses;
  private int[] lengths = new int[0];

  PrefixLengths(IpFamily family) {
    this.uses = new int[family.bits() + 1];
  }

  int count() {
    return lengths.length;
  }

  int get(int index) {
    return lengths[index];
  }

  /** The length that an element added by a packet gets: the longest here, else a host's. */
  int initial() {
    return lengths.length == 0 ? uses.length - 1 : lengths[0];
  }

  void add(int length) {
    if (uses[length]++ == 0) {
      rebuild();
    }
  }

  void remove(int length) {
    if (--uses[length] == 0) {
      rebuild();
    }
  }

  private void rebuild() {
    int[] found = new int[uses.length];
    int count = 0;
    for (int length = uses.length - 1; length >= 0; length--) {
      if (uses[length] > 0) {
        found[count++] = length;
      }
    }
    lengths = Arrays.copyOf(found, count);
  }
}
