package dev.packetpath.iptables.ipset;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/**
 * An element and what {@code ipset add} says of it.
 *
 * @param element the element, perhaps a range of them
 * @param timeoutSeconds how long it stays, 0 for ever, or {@link #UNSET}
 * @param nomatch whether it is an exception from a larger network
 * @param wildcard whether its device stands for all whose names begin so
 * @param packets the packets counted so far, unsigned, or {@link #UNSET}
 * @param bytes the bytes counted so far, unsigned, or {@link #UNSET}
 * @param comment its comment, "" for none
 * @param skbinfo what it puts on packets
 * @param placement where it goes in a list
 */
public record SetEntry(
    SetElement element,
    long timeoutSeconds,
    boolean nomatch,
    boolean wildcard,
    long packets,
    long bytes,
    String comment,
    SkbInfo skbinfo,
    Placement placement) {
  /** Not said: the default of the set. */
  public static final long UNSET = -1;

  /** The longest comment in bytes (IPSET_MAX_COMMENT_SIZE). */
  public static final int MAX_COMMENT_LENGTH = 255;

  /**
   * A place in a list.
   *
   * @param side before or after, or anywhere
   * @param set the member that the place is next to, "" for anywhere
   */
  public record Placement(Side side, String set) {
    /** Anywhere, which is the end. */
    public static final Placement ANYWHERE = new Placement(Side.ANYWHERE, "");

    /** On which side of a member. */
    public enum Side {
      /** Anywhere. */
      ANYWHERE,
      /** Right before it. */
      BEFORE,
      /** Right after it. */
      AFTER
    }
  }

  /** Returns an entry of which nothing but the element is said. */
  public static SetEntry of(SetElement element) {
    return builder(element).build();
  }

  /** Starts an entry. */
  public static Builder builder(SetElement element) {
    return new Builder(element);
  }

  /** Collects what is said. */
  public static final class Builder {
    private final SetElement element;
    private long timeoutSeconds = UNSET;
    private boolean nomatch;
    private boolean wildcard;
    private long packets = UNSET;
    private long bytes = UNSET;
    private String comment = "";
    private SkbInfo skbinfo = SkbInfo.NONE;
    private Placement placement = Placement.ANYWHERE;

    private Builder(SetElement element) {
      this.element = element;
    }

    /** Sets how long it stays, 0 for ever. */
    @CanIgnoreReturnValue
    public Builder timeoutSeconds(long timeoutSeconds) {
      checkArgument(
          timeoutSeconds >= 0 && timeoutSeconds <= SetSpec.MAX_TIMEOUT_SECONDS,
          "timeout out of range 0..2147483: %s",
          timeoutSeconds);
      this.timeoutSeconds = timeoutSeconds;
      return this;
    }

    /** Makes it an exception from a larger network. */
    @CanIgnoreReturnValue
    public Builder nomatch(boolean nomatch) {
      this.nomatch = nomatch;
      return this;
    }

    /** Lets its device stand for all whose names begin so. */
    @CanIgnoreReturnValue
    public Builder wildcard(boolean wildcard) {
      this.wildcard = wildcard;
      return this;
    }

    /** Sets the packets counted so far, unsigned. */
    @CanIgnoreReturnValue
    public Builder packets(long packets) {
      this.packets = packets;
      return this;
    }

    /** Sets the bytes counted so far, unsigned. */
    @CanIgnoreReturnValue
    public Builder bytes(long bytes) {
      this.bytes = bytes;
      return this;
    }

    /** Sets the comment, at most 255 characters and without quotation marks. */
    @CanIgnoreReturnValue
    public Builder comment(String comment) {
      checkArgument(comment.indexOf('"') < 0, "a comment without '\"', found %s", comment);
      checkArgument(
          comment.length() <= MAX_COMMENT_LENGTH,
          "a comment of at most 255 characters, found %s",
          comment.length());
      this.comment = comment;
      return this;
    }

    /** Sets what it puts on packets. */
    @CanIgnoreReturnValue
    public Builder skbinfo(SkbInfo skbinfo) {
      this.skbinfo = skbinfo;
      return this;
    }

    /** Sets its place in a list. */
    @CanIgnoreReturnValue
    public Builder placement(Placement placement) {
      this.placement = placement;
      return this;
    }

    /** Returns the entry. */
    public SetEntry build() {
      return new SetEntry(
          element, timeoutSeconds, nomatch, wildcard, packets, bytes, comment, skbinfo, placement);
    }
  }
}
