package dev.packetpath.core.host;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import java.util.Optional;

/**
 * One line of the routing policy database ({@code ip rule}).
 *
 * @param priority its place, lowest first
 * @param inverted whether the selector's sense is reversed ({@code not})
 * @param from the sources it is for
 * @param to the destinations it is for
 * @param mark the value of the mark's bits
 * @param markMask the bits of the mark that count, 0 for none
 * @param in the device that the packet came in by, {@code lo} for packets of this host, "" for any
 * @param out the device that the sender is bound to, "" for any
 * @param tos the type of service, 0 for any
 * @param flow what it asks of the transport header
 * @param action what it does
 * @param table the table that it looks into, or the priority it goes to
 * @param suppressPrefixLength an answer whose prefix is not longer is passed over; -1 for none
 */
public record RoutingRule(
    long priority,
    boolean inverted,
    Optional<IpPrefix> from,
    Optional<IpPrefix> to,
    int mark,
    int markMask,
    String in,
    String out,
    int tos,
    FlowSelector flow,
    Action action,
    long table,
    int suppressPrefixLength) {
  /** What a rule does. */
  public enum Action {
    /** Look into the table. */
    LOOKUP,
    /** Go on at the rule of a priority. */
    GOTO,
    /** Go on with the next rule. */
    NOP,
    /** Drop in silence. */
    BLACKHOLE,
    /** Host unreachable. */
    UNREACHABLE,
    /** Administratively prohibited. */
    PROHIBIT
  }

  /** Returns the rule that looks into a table for every packet. */
  public static RoutingRule lookup(long priority, int table) {
    return builder(priority).table(table).build();
  }

  /** Returns a builder of a rule that looks into the main table for every packet unless told. */
  public static Builder builder(long priority) {
    return new Builder(priority);
  }

  /** Returns the rules of a host on which nobody changed them. */
  public static ImmutableList<RoutingRule> defaults(IpFamily family) {
    ImmutableList<RoutingRule> both =
        ImmutableList.of(lookup(0, RouteEntry.LOCAL_TABLE), lookup(32766, RouteEntry.MAIN_TABLE));
    return family == IpFamily.IPV6
        ? both
        : ImmutableList.<RoutingRule>builder()
            .addAll(both)
            .add(lookup(32767, RouteEntry.DEFAULT_TABLE))
            .build();
  }

  /** Returns whether every packet looks into the table, with no answer passed over. */
  public boolean isForEveryPacket() {
    return equals(lookup(priority, (int) table));
  }

  /** Returns whether the selector holds for a question. */
  public boolean selects(RouteQuery query) {
    boolean selected =
        within(from, query.source())
            && within(to, query.destination())
            && ((query.mark() ^ mark) & markMask) == 0
            && (in.isEmpty() || in.equals(query.in().exists() ? query.in().name() : "lo"))
            && (out.isEmpty() || out.equals(query.out().name()))
            && (tos == 0 || tos == (query.tos() & typeOfServiceMask(query)))
            && flow.holds(query.flow());
    return selected != inverted;
  }

  /** IPv6 compares all of DSCP, IPv4 what is left of the type of service in it. */
  private static int typeOfServiceMask(RouteQuery query) {
    return query.destination().family() == IpFamily.IPV6 ? 0xfc : 0x1c;
  }

  private static boolean within(Optional<IpPrefix> prefix, IpAddress address) {
    return prefix.isEmpty() || prefix.get().contains(address);
  }

  /** Builds a {@link RoutingRule}. Not safe for use by several threads. */
  public static final class Builder {
    private final long priority;
    private boolean inverted;
    private Optional<IpPrefix> from = Optional.empty();
    private Optional<IpPrefix> to = Optional.empty();
    private int mark;
    private int markMask;
    private String in = "";
    private String out = "";
    private int tos;
    private FlowSelector flow = FlowSelector.ANY;
    private Action action = Action.LOOKUP;
    private long table = RouteEntry.MAIN_TABLE;
    private int suppressPrefixLength = -1;

    private Builder(long priority) {
      this.priority = priority;
    }

    /** Sets whether the selector's sense is reversed. */
    @CanIgnoreReturnValue
    public Builder inverted(boolean inverted) {
      this.inverted = inverted;
      return this;
    }

    /** Sets the sources. */
    @CanIgnoreReturnValue
    public Builder from(Optional<IpPrefix> from) {
      this.from = from;
      return this;
    }

    /** Sets the destinations. */
    @CanIgnoreReturnValue
    public Builder to(Optional<IpPrefix> to) {
      this.to = to;
      return this;
    }

    /** Sets the mark and which of its bits count. */
    @CanIgnoreReturnValue
    public Builder mark(int value, int mask) {
      this.mark = value;
      this.markMask = mask;
      return this;
    }

    /** Sets the device that packets come in by. */
    @CanIgnoreReturnValue
    public Builder in(String device) {
      this.in = device;
      return this;
    }

    /** Sets the device that senders are bound to. */
    @CanIgnoreReturnValue
    public Builder out(String device) {
      this.out = device;
      return this;
    }

    /** Sets the type of service. */
    @CanIgnoreReturnValue
    public Builder tos(int tos) {
      this.tos = tos;
      return this;
    }

    /** Sets what it asks of the transport header. */
    @CanIgnoreReturnValue
    public Builder flow(FlowSelector flow) {
      this.flow = flow;
      return this;
    }

    /** Sets what it does. */
    @CanIgnoreReturnValue
    public Builder action(Action action) {
      this.action = action;
      return this;
    }

    /** Sets the table that it looks into, or the priority it goes to. */
    @CanIgnoreReturnValue
    public Builder table(long table) {
      this.table = table;
      return this;
    }

    /** Sets the prefix length up to which answers are passed over. */
    @CanIgnoreReturnValue
    public Builder suppressPrefixLength(int length) {
      this.suppressPrefixLength = length;
      return this;
    }

    /** Returns the rule. */
    public RoutingRule build() {
      return new RoutingRule(
          priority,
          inverted,
          from,
          to,
          mark,
          markMask,
          in,
          out,
          tos,
          flow,
          action,
          table,
          suppressPrefixLength);
    }
  }
}
