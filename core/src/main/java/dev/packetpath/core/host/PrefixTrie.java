package dev.packetpath.core.host;

import dev.packetpath.core.net.IpPrefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * The values of prefixes of one family, found by the longest prefix that an address lies in.
 *
 * <p>A trie with compressed levels and paths (Nilsson and Karlsson: IP-address lookup using
 * LC-tries, IEEE JSAC 17, 1999; net/ipv4/fib_trie.c). A branch goes by as many bits at once as
 * leave a quarter of its places in use, and bits in which no two of its prefixes differ are passed
 * over. So an address may come to a prefix that it does not lie in; then the prefixes around that
 * one are compared, the longest first, where the kernel goes back up the trie.
 *
 * <p>Hot: {@link #find}, which does not allocate. In a node's few routes it takes about 50
 * instructions; a hash table for each length in each of two routing tables took 150. Ten thousand
 * prefixes take about a megabyte and 3 ms. Immutable, so it may be shared between threads.
 *
 * @param <V> the type of the values
 */
final class PrefixTrie<V> {
  /** The logarithm of how many places a branch may have for each one in use. */
  private static final int SPARSE_BITS = 2;

  private final Node<V> root;

  /**
   * Creates a trie.
   *
   * @param own what the prefixes, all of one family, have of their own
   * @param outside the value of addresses outside of all prefixes
   * @param with makes a prefix's value of its own and of the value of the longest prefix around it
   */
  PrefixTrie(Map<IpPrefix, V> own, V outside, BinaryOperator<V> with) {
    List<IpPrefix> prefixes = new ArrayList<>(own.keySet());
    prefixes.sort(Comparator.comparing(IpPrefix::address).thenComparingInt(IpPrefix::length));
    Node<V>[] sorted = Node.array(prefixes.size());
    Node<V> all = new Node<>(outside);
    Node<V> last = all;
    for (int i = 0; i < sorted.length; i++) {
      IpPrefix prefix = prefixes.get(i);
      Node<V> around = last.orAround(prefix.address().high(), prefix.address().low());
      last = new Node<>(prefix, with.apply(own.get(prefix), around.value), around);
      sorted[i] = last;
    }
    this.root = branch(sorted, 0, sorted.length, all);
  }

  /** Returns the value of the longest prefix that an address given as two longs lies in. */
  V find(long high, long low) {
    return node(high, low).value;
  }

  /** Returns the value of the longest prefix that all of a prefix lies in. */
  V around(IpPrefix prefix) {
    int free = prefix.family().bits() - prefix.length();
    Node<V> node = node(prefix.address().high(), prefix.address().low());
    while (node.shift < free) {
      node = node.around;
    }
    return node.value;
  }

  private Node<V> node(long high, long low) {
    Node<V> node = root;
    for (Node<V>[] places = node.places; places.length != 0; places = node.places) {
      node = places[place(high, low, node.shift, places.length)];
    }
    return node.orAround(high, low);
  }

  /** Returns which of a branch's places, a power of two of them, an address goes to. */
  private static int place(long high, long low, int shift, int places) {
    return (int) ((shift < Long.SIZE ? low : high) >>> shift) & (places - 1);
  }

  /**
   * Returns the node at which to look for addresses among the prefixes from {@code from} to {@code
   * to}, sorted by address, the shorter first.
   *
   * @param cover the longest prefix that encloses them all
   */
  private static <V> Node<V> branch(Node<V>[] sorted, int from, int to, Node<V> cover) {
    if (from == to) {
      return cover;
    }
    Node<V> first = sorted[from];
    Node<V> last = sorted[to - 1];
    if (first.contains(last.high, last.low)) {
      return branch(sorted, from + 1, to, first);
    }
    int shift = shift(sorted, from, to);
    Node<V>[] places = Node.array(1 << (differingBits(first, last) - shift));
    Arrays.fill(places, cover);
    int i = from;
    while (i < to) {
      Node<V> prefix = sorted[i];
      int place = prefix.place(shift, places.length);
      if (prefix.shift >= shift) {
        Arrays.fill(places, place, place + (1 << (prefix.shift - shift)), prefix);
        i++;
      } else {
        int end = i + 1;
        while (end < to && sorted[end].place(shift, places.length) == place) {
          end++;
        }
        places[place] = branch(sorted, i, end, places[place]);
        i = end;
      }
    }
    return new Node<>(places, shift, cover);
  }

  /** Returns how many bits are behind those that a branch of these prefixes goes by. */
  private static <V> int shift(Node<V>[] sorted, int from, int to) {
    int differing = differingBits(sorted[from], sorted[to - 1]);
    int fewest = differing > Long.SIZE ? Long.SIZE : 0; // a branch's bits are all in one half
    int most = Integer.SIZE - Integer.numberOfLeadingZeros(to - from - 1) + SPARSE_BITS;
    int shift = Math.max(fewest, differing - most);
    while (used(sorted, from, to, shift, 1 << (differing - shift)) << SPARSE_BITS
        < 1 << (differing - shift)) {
      shift++;
    }
    return shift;
  }

  private static <V> int used(Node<V>[] sorted, int from, int to, int shift, int places) {
    int used = 1;
    for (int i = from + 1; i < to; i++) {
      if (sorted[i].place(shift, places) != sorted[i - 1].place(shift, places)) {
        used++;
      }
    }
    return used;
  }

  /** Returns how many of the last bits there are from the first one in which two differ. */
  private static <V> int differingBits(Node<V> one, Node<V> other) {
    return one.high == other.high
        ? Long.SIZE - Long.numberOfLeadingZeros(one.low ^ other.low)
        : 2 * Long.SIZE - Long.numberOfLeadingZeros(one.high ^ other.high);
  }

  /**
   * A prefix, which has no places, or a branch: a type for each would be asked for at each step.
   */
  private static final class Node<V> {
    /** How many bits are behind those of the prefix or of the branch. */
    private final int shift;

    private final Node<V>[] places;
    private final long high;
    private final long low;
    private final long maskHigh;
    private final long maskLow;
    private final V value;

    /** The longest prefix around this one. */
    private final Node<V> around;

    /** Creates the prefix of all addresses, which none encloses. */
    Node(V value) {
      this.shift = 2 * Long.SIZE;
      this.places = array(0);
      this.high = 0;
      this.low = 0;
      this.maskHigh = 0;
      this.maskLow = 0;
      this.value = value;
      this.around = this;
    }

    Node(IpPrefix prefix, V value, Node<V> around) {
      this.shift = prefix.family().bits() - prefix.length();
      this.places = around.places;
      this.high = prefix.address().high();
      this.low = prefix.address().low();
      this.maskHigh = IpPrefix.maskHigh(prefix.family(), prefix.length());
      this.maskLow = IpPrefix.maskLow(prefix.family(), prefix.length());
      this.value = value;
      this.around = around;
    }

    Node(Node<V>[] places, int shift, Node<V> cover) {
      this.shift = shift;
      this.places = places;
      this.high = cover.high;
      this.low = cover.low;
      this.maskHigh = cover.maskHigh;
      this.maskLow = cover.maskLow;
      this.value = cover.value;
      this.around = cover;
    }

    @SuppressWarnings("unchecked") // an array of a generic class cannot be made otherwise
    static <V> Node<V>[] array(int length) {
      return (Node<V>[]) new Node<?>[length];
    }

    int place(int shift, int places) {
      return PrefixTrie.place(high, low, shift, places);
    }

    boolean contains(long high, long low) {
      return ((low ^ this.low) & maskLow) == 0 && ((high ^ this.high) & maskHigh) == 0;
    }

    /** Returns this prefix if an address lies in it, or else the first around it that has it. */
    Node<V> orAround(long high, long low) {
      Node<V> node = this;
      while (!node.contains(high, low)) {
        node = node.around;
      }
      return node;
    }
  }
}
