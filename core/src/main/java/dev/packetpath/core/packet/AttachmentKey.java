package dev.packetpath.core.packet;

/**
 * Names one kind of value that a model attaches to packets. Made once, in a constant.
 *
 * @param <T> what is attached
 */
public sealed interface AttachmentKey<T> permits AttachmentPlace {
  /** Returns a new key; {@code absent} is what a packet without the attachment answers. */
  static <T> AttachmentKey<T> create(T absent) {
    return new AttachmentPlace<>(AttachmentPlace.NEXT_INDEX.getAndIncrement(), absent);
  }
}
