package dev.packetpath.core.packet;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The key of an attachment. A record, for compilers take its components for constants where the key
 * is one, which they do with no field of other objects.
 *
 * @param index the number of the key, from 0
 * @param absent what a packet without the attachment answers
 */
record AttachmentPlace<T>(int index, T absent) implements AttachmentKey<T> {
  static final AtomicInteger NEXT_INDEX = new AtomicInteger();
}
