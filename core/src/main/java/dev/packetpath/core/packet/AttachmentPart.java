package dev.packetpath.core.packet;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link Packet} that models attach to it. The first keys made have a field each,
 * which a compiler that knows the key reads and writes at once: 80 instructions less for a new
 * connection than an array, whose length and type are to be checked.
 */
abstract sealed class AttachmentPart permits NetworkPart {
  private static final int FIELDS = 6;
  private static final @Nullable Object[] NONE = {};

  private boolean blank = true;
  private @Nullable Object first;
  private @Nullable Object second;
  private @Nullable Object third;
  private @Nullable Object fourth;
  private @Nullable Object fifth;
  private @Nullable Object sixth;
  private @Nullable Object[] more = NONE;

  /** Returns what a model attached under the key, or the key's absent value. */
  @SuppressWarnings("unchecked") // only attach() stores, under the key's own type
  public <T> T attachment(AttachmentKey<T> key) {
    AttachmentPlace<T> place = (AttachmentPlace<T>) key;
    Object value =
        switch (place.index()) {
          case 0 -> first;
          case 1 -> second;
          case 2 -> third;
          case 3 -> fourth;
          case 4 -> fifth;
          case 5 -> sixth;
          default -> ofMore(place.index() - FIELDS);
        };
    return value == null ? place.absent() : (T) value;
  }

  private @Nullable Object ofMore(int place) {
    return place < more.length ? more[place] : null;
  }

  /** Attaches a value that later hook functions can ask for. */
  public <T> void attach(AttachmentKey<T> key, T value) {
    blank = false;
    int index = ((AttachmentPlace<T>) key).index();
    switch (index) {
      case 0 -> first = value;
      case 1 -> second = value;
      case 2 -> third = value;
      case 3 -> fourth = value;
      case 4 -> fifth = value;
      case 5 -> sixth = value;
      default -> attachMore(index - FIELDS, value);
    }
  }

  private void attachMore(int place, @Nullable Object value) {
    if (place >= more.length) {
      more = Arrays.copyOf(more, place + 4);
    }
    more[place] = value;
  }

  /** Returns whether nothing is attached, as when a packet has just come. */
  public boolean isBlank() {
    return blank;
  }

  /** Forgets all attachments. */
  public void clearAttachments() {
    if (blank) {
      return;
    }
    blank = true;
    first = null;
    second = null;
    third = null;
    fourth = null;
    fifth = null;
    sixth = null;
    Arrays.fill(more, null);
  }

  /** Takes over what is attached to another packet. */
  void copyAttachments(AttachmentPart other) {
    blank = other.blank;
    first = other.first;
    second = other.second;
    third = other.third;
    fourth = other.fourth;
    fifth = other.fifth;
    sixth = other.sixth;
    if (more.length < other.more.length) {
      more = other.more.clone();
    } else {
      System.arraycopy(other.more, 0, more, 0, other.more.length);
      Arrays.fill(more, other.more.length, more.length, null);
    }
  }
}
