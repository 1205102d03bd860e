package dev.packetpath.ipvs;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.ipvs.scheduler.Schedulers;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** A virtual service as an administrator writes it, without its servers. Immutable. */
public final class ServiceSpec {
  /** The scheduler of ipvsadm if none is named. */
  public static final String DEFAULT_SCHEDULER = "wlc";

  private final ServiceKey key;
  private final String scheduler;
  private final ImmutableSet<SchedulerFlag> flags;
  private final Optional<Persistence> persistence;
  private final boolean onePacket;

  private ServiceSpec(Builder builder) {
    this.key = builder.key;
    this.scheduler = builder.scheduler;
    this.flags = ImmutableSet.copyOf(builder.flags);
    this.persistence = builder.persistence;
    this.onePacket = builder.onePacket;
  }

  /** Returns a builder of a service with scheduler wlc, without persistence. */
  public static Builder builder(ServiceKey key) {
    return new Builder(key);
  }

  /** Returns what makes the service unique. */
  public ServiceKey key() {
    return key;
  }

  /** Returns the name of the scheduler. */
  public String scheduler() {
    return scheduler;
  }

  /** Returns the flags for the scheduler. */
  public ImmutableSet<SchedulerFlag> flags() {
    return flags;
  }

  /** Returns how clients are kept on their servers, if they are. */
  public Optional<Persistence> persistence() {
    return persistence;
  }

  /** Returns whether each UDP datagram is scheduled anew. */
  public boolean onePacket() {
    return onePacket;
  }

  @Override
  public String toString() {
    return key + " " + scheduler;
  }

  /** Builds a {@link ServiceSpec}. Not safe for use by several threads. */
  public static final class Builder {
    private final ServiceKey key;
    private final Set<SchedulerFlag> flags = EnumSet.noneOf(SchedulerFlag.class);
    private String scheduler = DEFAULT_SCHEDULER;
    private Optional<Persistence> persistence = Optional.empty();
    private boolean onePacket;

    private Builder(ServiceKey key) {
      this.key = key;
    }

    /**
     * Sets the scheduler.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    @CanIgnoreReturnValue
    public Builder scheduler(String name) {
      checkArgument(
          Schedulers.isKnown(name),
          "unknown scheduler \"%s\", expected one of %s",
          name,
          Schedulers.names());
      this.scheduler = name;
      return this;
    }

    /** Adds a flag for the scheduler. */
    @CanIgnoreReturnValue
    public Builder flag(SchedulerFlag flag) {
      flags.add(flag);
      return this;
    }

    /**
     * Keeps clients on their servers.
     *
     * @throws IllegalArgumentException if the prefix is longer than an address of the family, or 0
     *     for IPv6, which the kernel refuses
     */
    @CanIgnoreReturnValue
    public Builder persistence(Persistence persistence) {
      IpFamily family = key.family();
      int least = family == IpFamily.IPV6 ? 1 : 0;
      checkArgument(
          persistence.prefixLength() >= least && persistence.prefixLength() <= family.bits(),
          "prefix length out of range %s..%s: %s",
          least,
          family.bits(),
          persistence.prefixLength());
      this.persistence = Optional.of(persistence);
      return this;
    }

    /** Sets whether each UDP datagram is scheduled anew. */
    @CanIgnoreReturnValue
    public Builder onePacket(boolean onePacket) {
      this.onePacket = onePacket;
      return this;
    }

    /** Returns the service. */
    public ServiceSpec build() {
      return new ServiceSpec(this);
    }
  }
}
