package dev.packetpath.core.packet;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Names one kind of value that a model attaches to packets. Made once, in a constant.
 *
 * @param <T> what is attached
 */
public final class AttachmentKey<T> {
  private static final AtomicInteger NEXT_INDEX = new AtomicInteger();

  private final int index = NEXT_INDEX.getAndIncrement();
  private final T absent;

  private AttachmentKey(T absent) {
    this.absent = absent;
  }

  /** Returns a new key; {@code absent} is what a packet without the attachment answers. */
  public static <T> AttachmentKey<T> create(T absent) {
    return new AttachmentKey<>(absent);
  }

  int index() {
    return index;
  }

  T absent() {
    return absent;
  }
}
