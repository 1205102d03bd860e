package dev.packetpath.iptables;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import java.util.Arrays;

/** The words of a table's code, as they are written one behind the other. */
final class CodeWords {
  private int[] words;
  private int size;

  /**
   * Goes on behind words that were written; the array is its own.
   *
   * @param size how many there are
   */
  CodeWords(int[] words, int size) {
    this.words = words;
    this.size = size;
  }

  /** Returns the words, with room behind them. */
  int[] array() {
    return words;
  }

  /** Returns how many words were written: where the next one will stand. */
  int size() {
    return size;
  }

  int get(int at) {
    return words[at];
  }

  void set(int at, int word) {
    words[at] = word;
  }

  void put(int word) {
    if (size == words.length) {
      words = Arrays.copyOf(words, 2 * size);
    }
    words[size++] = word;
  }

  /** Writes an address, in one word for IPv4 and in four for IPv6. */
  void put(IpAddress address) {
    if (address.family() == IpFamily.IPV6) {
      put((int) (address.high() >>> Integer.SIZE));
      put((int) address.high());
      put((int) (address.low() >>> Integer.SIZE));
    }
    put((int) address.low());
  }
}
