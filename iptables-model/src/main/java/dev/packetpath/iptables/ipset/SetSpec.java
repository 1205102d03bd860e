package dev.packetpath.iptables.ipset;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;

/**
 * What {@code ipset create} says of a set, in the form that the kernel keeps. Values that a type
 * does not use hold their defaults.
 *
 * <p>Source: ipset(8) 7.17; net/netfilter/ipset, Linux 6.1.
 *
 * @param name its name, 1 to 31 characters
 * @param type its type
 * @param family the family of its addresses; IPv4 where the type has none
 * @param hashSize the buckets it starts with: a power of two, at least 64
 * @param maxElements the most elements it takes, unsigned 32 bits
 * @param netmask how many leading bits of an address count; all of them by default
 * @param timeoutSeconds how long an element stays, 0 for ever; {@link #NO_TIMEOUT} if elements
 *     never time out
 * @param counters whether elements count packets and bytes
 * @param comment whether elements have comments
 * @param skbinfo whether elements have marks, priorities and queues for {@code --map-set}
 * @param forceadd whether a full set replaces an element
 * @param bucketSize the most elements of a bucket before the hash grows: 2, 4, … 12
 * @param initval the seed of the hash, unsigned 32 bits, or {@link #RANDOM_INITVAL}
 * @param rangeFirst the least address or port of a bitmap, unsigned
 * @param rangeLast the greatest address or port of a bitmap, unsigned
 * @param listSize the size of a list, which the kernel reports and does not enforce
 */
public record SetSpec(
    String name,
    SetType type,
    IpFamily family,
    int hashSize,
    long maxElements,
    int netmask,
    long timeoutSeconds,
    boolean counters,
    boolean comment,
    boolean skbinfo,
    boolean forceadd,
    int bucketSize,
    long initval,
    long rangeFirst,
    long rangeLast,
    long listSize) {
  /** Elements never time out, and none can be given a timeout. */
  public static final long NO_TIMEOUT = -1;

  /** The kernel draws the seed of the hash. */
  public static final long RANDOM_INITVAL = -1;

  /** The longest timeout in seconds (IPSET_MAX_TIMEOUT). */
  public static final long MAX_TIMEOUT_SECONDS = 2_147_483;

  /** The longest name. */
  public static final int MAX_NAME_LENGTH = 31;

  /** The most elements of a bitmap (IPSET_BITMAP_MAX_RANGE). */
  static final int MAX_BITMAP_ELEMENTS = 65536;

  /** Starts the specification of a set. */
  public static Builder builder(String name, SetType type) {
    return new Builder(name, type);
  }

  /** Returns the same specification under another name. */
  public SetSpec withName(String newName) {
    checkName(newName);
    return new SetSpec(
        newName,
        type,
        family,
        hashSize,
        maxElements,
        netmask,
        timeoutSeconds,
        counters,
        comment,
        skbinfo,
        forceadd,
        bucketSize,
        initval,
        rangeFirst,
        rangeLast,
        listSize);
  }

  /** Returns whether elements can time out. */
  public boolean hasTimeout() {
    return timeoutSeconds != NO_TIMEOUT;
  }

  /** Whether {@code create -exist} takes the two for the same set (same_set of each type). */
  boolean isSameAs(SetSpec other) {
    return type == other.type
        && family == other.family
        && maxElements == other.maxElements
        && netmask == other.netmask
        && timeoutSeconds == other.timeoutSeconds
        && counters == other.counters
        && comment == other.comment
        && skbinfo == other.skbinfo
        && rangeFirst == other.rangeFirst
        && rangeLast == other.rangeLast
        && listSize == other.listSize;
  }

  /** The number of elements that a bitmap has room for. */
  long bitmapElements() {
    int hostBits = type == SetType.BITMAP_IP ? 32 - netmask : 0;
    return ((rangeLast - rangeFirst) >>> hostBits) + 1;
  }

  /** Returns the line of {@code ipset save} that creates the set. */
  @Override
  public String toString() {
    return IpsetPrinter.createLine(this);
  }

  private static void checkName(String name) {
    checkArgument(
        !name.isEmpty() && name.length() <= MAX_NAME_LENGTH,
        "a set name has 1 to 31 characters, found \"%s\"",
        name);
    checkArgument(
        name.chars().noneMatch(c -> c <= ' '), "a set name without spaces, found \"%s\"", name);
  }

  /** Collects what is not default. */
  public static final class Builder {
    private static final int MIN_HASH_SIZE = 64;
    private static final int MAX_HASH_SIZE = 1 << 30;
    private static final int MAX_BUCKET_SIZE = 12;

    private final String name;
    private final SetType type;
    private IpFamily family = IpFamily.IPV4;
    private int hashSize = 1024;
    private long maxElements = 65536;
    private int netmask = -1;
    private long timeoutSeconds = NO_TIMEOUT;
    private boolean counters;
    private boolean comment;
    private boolean skbinfo;
    private boolean forceadd;
    private int bucketSize = MAX_BUCKET_SIZE;
    private long initval = RANDOM_INITVAL;
    private boolean hasRange;
    private long rangeFirst;
    private long rangeLast;
    private long listSize = 8;

    private Builder(String name, SetType type) {
      checkName(name);
      this.name = name;
      this.type = type;
    }

    /** Sets the family of the addresses: {@code family inet6}. */
    @CanIgnoreReturnValue
    public Builder family(IpFamily family) {
      checkArgument(
          family == IpFamily.IPV4 || type.isHash(), "%s has no family, found %s", type, family);
      this.family = family;
      return this;
    }

    /** Sets the buckets to start with; rounded up to a power of two, at least 64. */
    @CanIgnoreReturnValue
    public Builder hashSize(long hashSize) {
      checkArgument(
          hashSize >= 0 && hashSize <= MAX_HASH_SIZE, "hashsize out of range: %s", hashSize);
      int rounded = MIN_HASH_SIZE;
      while (rounded < hashSize) {
        rounded <<= 1;
      }
      this.hashSize = rounded;
      return this;
    }

    /** Sets the most elements, 0 to 2<sup>32</sup>-1. */
    @CanIgnoreReturnValue
    public Builder maxElements(long maxElements) {
      checkArgument(maxElements >>> 32 == 0, "maxelem out of range: %s", maxElements);
      this.maxElements = maxElements;
      return this;
    }

    /** Sets how many leading bits of an address count, 1 to 32 or 128. */
    @CanIgnoreReturnValue
    public Builder netmask(int netmask) {
      checkArgument(type.hasNetmask(), "%s takes no netmask", type);
      checkArgument(netmask >= 1 && netmask <= 128, "netmask out of range: %s", netmask);
      this.netmask = netmask;
      return this;
    }

    /** Sets how long elements stay by default, 0 for ever; elements can then time out. */
    @CanIgnoreReturnValue
    public Builder timeoutSeconds(long timeoutSeconds) {
      checkArgument(
          timeoutSeconds >= 0 && timeoutSeconds <= MAX_TIMEOUT_SECONDS,
          "timeout out of range 0..2147483: %s",
          timeoutSeconds);
      this.timeoutSeconds = timeoutSeconds;
      return this;
    }

    /** Lets elements count packets and bytes. */
    @CanIgnoreReturnValue
    public Builder counters(boolean counters) {
      this.counters = counters;
      return this;
    }

    /** Lets elements have comments. */
    @CanIgnoreReturnValue
    public Builder comment(boolean comment) {
      this.comment = comment;
      return this;
    }

    /** Lets elements have marks, priorities and queues. */
    @CanIgnoreReturnValue
    public Builder skbinfo(boolean skbinfo) {
      this.skbinfo = skbinfo;
      return this;
    }

    /** Lets a full set replace an element. */
    @CanIgnoreReturnValue
    public Builder forceadd(boolean forceadd) {
      checkArgument(!forceadd || type.isHash(), "%s takes no forceadd", type);
      this.forceadd = forceadd;
      return this;
    }

    /** Sets the most elements of a bucket, 0 to 255; made even and put between 2 and 12. */
    @CanIgnoreReturnValue
    public Builder bucketSize(int bucketSize) {
      checkArgument(
          bucketSize >= 0 && bucketSize <= 255, "bucketsize out of range 0..255: %s", bucketSize);
      int even = bucketSize + (bucketSize & 1);
      this.bucketSize = Math.max(2, Math.min(MAX_BUCKET_SIZE, even));
      return this;
    }

    /** Sets the seed of the hash, unsigned 32 bits. */
    @CanIgnoreReturnValue
    public Builder initval(long initval) {
      checkArgument(initval >>> 32 == 0, "initval out of range: %s", initval);
      this.initval = initval;
      return this;
    }

    /** Sets the IPv4 addresses of a bitmap. */
    @CanIgnoreReturnValue
    public Builder range(IpAddress first, IpAddress last) {
      checkArgument(type == SetType.BITMAP_IP, "%s takes no range of addresses", type);
      checkArgument(
          first.family() == IpFamily.IPV4 && last.family() == IpFamily.IPV4,
          "IPv4 addresses expected, found %s-%s",
          first,
          last);
      return range(first.low(), last.low());
    }

    /** Sets the ports of a bitmap, each 0 to 65535. */
    @CanIgnoreReturnValue
    public Builder portRange(int first, int last) {
      checkArgument(type == SetType.BITMAP_PORT, "%s takes no range of ports", type);
      checkArgument(
          Math.min(first, last) >= 0 && Math.max(first, last) <= 0xffff,
          "ports out of range 0..65535: %s-%s",
          first,
          last);
      return range(first, last);
    }

    private Builder range(long first, long last) {
      this.hasRange = true;
      this.rangeFirst = Math.min(first, last);
      this.rangeLast = Math.max(first, last);
      return this;
    }

    /** Sets the size of a list, unsigned 32 bits; at least 4. */
    @CanIgnoreReturnValue
    public Builder listSize(long listSize) {
      checkArgument(type == SetType.LIST_SET, "%s takes no size", type);
      checkArgument(listSize >>> 32 == 0, "size out of range: %s", listSize);
      this.listSize = Math.max(4, listSize);
      return this;
    }

    /**
     * Returns the specification.
     *
     * @throws IllegalStateException if a bitmap has no range, or one of more than 65536 elements
     */
    public SetSpec build() {
      checkState(hasRange || type.isHash() || type == SetType.LIST_SET, "a range for %s", type);
      int mask = netmask == -1 ? family.bits() : netmask;
      checkState(mask <= family.bits(), "netmask out of range 1..%s: %s", family.bits(), mask);
      long hostBits = type == SetType.BITMAP_IP ? (1L << (32 - mask)) - 1 : 0;
      SetSpec spec =
          new SetSpec(
              name,
              type,
              family,
              hashSize,
              maxElements,
              mask,
              timeoutSeconds,
              counters,
              comment,
              skbinfo,
              forceadd,
              bucketSize,
              initval,
              rangeFirst & ~hostBits,
              rangeLast | hostBits,
              listSize);
      checkState(
          type != SetType.BITMAP_IP || mask == 32 || mask > coveringLength(spec),
          "a range of several networks of length %s",
          mask);
      checkState(
          spec.type.isHash() || spec.bitmapElements() <= MAX_BITMAP_ELEMENTS,
          "a range of at most 65536 elements, found %s",
          spec.bitmapElements());
      return spec;
    }

    /**
     * The length of the one network that starts with the range and covers it (range_to_mask), or 32
     * if there is none.
     */
    private static int coveringLength(SetSpec spec) {
      for (int length = 31; length >= 0; length--) {
        long host = (1L << (32 - length)) - 1;
        if ((spec.rangeLast & ~host) == spec.rangeFirst) {
          return length;
        }
      }
      return 32;
    }
  }
}
