package dev.packetpath.core.host;

import com.google.common.collect.ImmutableList;
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
  /** Creates a rule that asks nothing of the transport header. */
  public RoutingRule(
      long priority,
      boolean inverted,
      Optional<IpPrefix> from,
      Optional<IpPrefix> to,
      int mark,
      int markMask,
      String in,
      String out,
      int tos,
      Action action,
      long table,
      int suppressPrefixLength) {
    this(
        priority,
        inverted,
        from,
        to,
        mark,
        markMask,
        in,
        out,
        tos,
        FlowSelector.ANY,
        action,
        table,
        suppressPrefixLength);
  }

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
    return new RoutingRule(
        priority,
        false,
        Optional.empty(),
        Optional.empty(),
        0,
        0,
        "",
        "",
        0,
        Action.LOOKUP,
        table,
        -1);
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
}
