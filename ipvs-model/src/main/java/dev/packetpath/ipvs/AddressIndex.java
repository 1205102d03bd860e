package dev.packetpath.ipvs;

import dev.packetpath.core.net.IpFamily;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Values by family, protocol, address and port: an open hash table that is asked without
 * allocation.
 *
 * @param <T> what is kept
 */
final class AddressIndex<T> {
  private @Nullable ServiceKey.Virtual[] keys = new ServiceKey.Virtual[64];
  private @Nullable Object[] values = new Object[64];
  private int size;

  /** Returns the value of a key that is there, or null. */
  @SuppressWarnings("unchecked") // only put() stores
  @Nullable T get(IpFamily family, int protocol, long high, long low, int port) {
    int mask = keys.length - 1;
    int at = hash(protocol, high, low, port) & mask;
    while (true) {
      ServiceKey.Virtual key = keys[at];
      if (key == null) {
        return null;
      }
      if (key.port() == port
          && key.address().low() == low
          && key.address().high() == high
          && key.protocol() == protocol
          && key.address().family() == family) {
        return (T) values[at];
      }
      at = (at + 1) & mask;
    }
  }

  /** Adds a key that is not there. */
  void put(ServiceKey.Virtual key, T value) {
    if (size * 2 >= keys.length) {
      grow();
    }
    insert(key, value);
    size++;
  }

  private void grow() {
    @Nullable ServiceKey.Virtual[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    keys = Arrays.copyOf(new ServiceKey.Virtual[0], oldKeys.length * 2);
    values = new Object[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      ServiceKey.Virtual key = oldKeys[i];
      Object value = oldValues[i];
      if (key != null && value != null) {
        insert(key, value);
      }
    }
  }

  private void insert(ServiceKey.Virtual key, Object value) {
    int at = slot(key);
    while (keys[at] != null) {
      at = (at + 1) & (keys.length - 1);
    }
    keys[at] = key;
    values[at] = value;
  }

  /** Removes a key that is there; what follows it without a gap moves up. */
  void remove(ServiceKey.Virtual key) {
    int mask = keys.length - 1;
    int at = slot(key);
    while (!key.equals(keys[at])) {
      at = (at + 1) & mask;
    }
    keys[at] = null;
    values[at] = null;
    size--;
    int next = (at + 1) & mask;
    while (true) {
      ServiceKey.Virtual moved = keys[next];
      Object value = values[next];
      if (moved == null || value == null) {
        return;
      }
      keys[next] = null;
      values[next] = null;
      insert(moved, value);
      next = (next + 1) & mask;
    }
  }

  private int slot(ServiceKey.Virtual key) {
    return hash(key.protocol(), key.address().high(), key.address().low(), key.port())
        & (keys.length - 1);
  }

  private static int hash(int protocol, long high, long low, int port) {
    long mixed = (high * 31 + low) * 0x9e37_79b9_7f4a_7c15L + port * 0x1_0001L + protocol;
    mixed = (mixed ^ mixed >>> 32) * 0xd6e8_feb8_6659_fd93L;
    return (int) (mixed ^ mixed >>> 32);
  }
}
