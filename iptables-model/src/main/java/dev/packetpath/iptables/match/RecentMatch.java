package dev.packetpath.iptables.match;

import dev.packetpath.core.HookState;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.AddressMask;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Jiffies;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * {@code -m recent}: a named list of addresses with the times at which packets hit it.
 *
 * <p>Source: net/netfilter/xt_recent.c, Linux 6.1; iptables 1.8.9, libxt_recent.c. A hit count may
 * be up to 65535, as kernels since 6.10 allow.
 *
 * @param action what is done
 * @param inverted whether the sense is reversed
 * @param check what a hit must be like
 * @param list the list's name
 * @param mask the bits of an address that count, if this is the first rule of the list
 * @param destination whether the destination is looked at, and not the source
 */
public record RecentMatch(
    Action action, boolean inverted, Check check, String list, IpAddress mask, boolean destination)
    implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("recent")
          .option(OptionSpec.flag("--set").orInverted())
          .option(OptionSpec.flag("--rcheck").orInverted())
          .option(OptionSpec.flag("--update").orInverted())
          .option(OptionSpec.flag("--remove").orInverted())
          .option(OptionSpec.value("--seconds"))
          .option(OptionSpec.flag("--reap"))
          .option(OptionSpec.value("--hitcount"))
          .option(OptionSpec.flag("--rttl"))
          .option(OptionSpec.value("--name"))
          .option(OptionSpec.flag("--rsource"))
          .option(OptionSpec.flag("--rdest"))
          .option(OptionSpec.value("--mask"))
          .readBy(RecentMatch::read);

  private static final int MAX_NAME_CHARS = 199;
  private static final int MAX_HITS = 65_535;

  /** What a rule does with its list. */
  public enum Action {
    /** Adds the address, or stamps it anew. */
    SET("--set"),
    /** Asks for the address. */
    CHECK("--rcheck"),
    /** Asks for the address and stamps it anew if it is there. */
    UPDATE("--update"),
    /** Removes the address. */
    REMOVE("--remove");

    private final String option;

    Action(String option) {
      this.option = option;
    }

    boolean asks() {
      return this == CHECK || this == UPDATE;
    }
  }

  /**
   * What a hit must be like.
   *
   * @param seconds how old it may be, unsigned; 0 for any age
   * @param hits how many there must be, unsigned; 0 for one
   * @param reap whether the entry unused for longest is removed if it is older
   * @param ttl whether the TTL must be that of the last packet that stamped the address
   */
  public record Check(int seconds, int hits, boolean reap, boolean ttl) {}

  private static RecentMatch read(OptionValues options) {
    OptionValues.Given action = options.exactlyOne("--set", "--rcheck", "--update", "--remove");
    options.atMostOne("--set", "--rttl");
    options.atMostOne("--remove", "--rttl");
    if (options.has("--reap")) {
      options.require("--seconds");
    }
    String list = options.value("--name", "DEFAULT");
    return new RecentMatch(
        action(action.option().name()),
        action.inverted(),
        new Check(
            (int) options.number("--seconds", 1, 0xffff_ffffL, 0),
            (int) options.number("--hitcount", 0, 0xffff_ffffL, 0),
            options.has("--reap"),
            options.has("--rttl")),
        list.length() > MAX_NAME_CHARS ? list.substring(0, MAX_NAME_CHARS) : list,
        options
            .get("--mask")
            .map(given -> options.host(given, given.value()))
            .orElseGet(
                () ->
                    AddressMask.of(IpAddress.any(options.family()), options.family().bits())
                        .mask()),
        isOfDestination(options));
  }

  /** Returns whether destinations are remembered: the last one named counts. */
  private static boolean isOfDestination(OptionValues options) {
    return options.all().stream()
        .map(given -> given.option().name())
        .filter(name -> name.equals("--rsource") || name.equals("--rdest"))
        .reduce("--rsource", (before, last) -> last)
        .equals("--rdest");
  }

  private static Action action(String option) {
    for (Action action : Action.values()) {
      if (action.option.equals(option)) {
        return action;
      }
    }
    throw new IllegalArgumentException(option);
  }

  @Override
  public boolean sharesState() {
    return true;
  }

  @Override
  public String name() {
    return "recent";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option(inverted, action.option);
    if (check.seconds != 0) {
      out.option("--seconds", Integer.toString(check.seconds));
    }
    if (check.reap) {
      out.word("--reap");
    }
    if (check.hits != 0) {
      out.option("--hitcount", Integer.toString(check.hits));
    }
    if (check.ttl) {
      out.word("--rttl");
    }
    out.option("--name", list).option("--mask", mask.toString());
    out.word(destination ? "--rdest" : "--rsource");
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    if (!action.asks() && (check.seconds != 0 || check.hits != 0 || check.reap)) {
      return Optional.of(
          new Refusal(
              action.option + " with --seconds, --hitcount or --reap", "--rcheck or --update"));
    }
    if (Integer.compareUnsigned(check.hits, MAX_HITS) > 0) {
      return Optional.of(
          new Refusal("--hitcount " + Integer.toUnsignedString(check.hits), "at most " + MAX_HITS));
    }
    return ProcName.refusal(list);
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    RecentList recent =
        context.shared(RecentList.class, list, () -> new RecentList(context.family(), mask));
    recent.keepStamps(check.hits);
    VirtualClock clock = context.host().clock();
    return (packet, state) -> MatchResult.of(test(recent, packet, state, Jiffies.now(clock)));
  }

  private boolean test(RecentList recent, Packet packet, HookState state, long now) {
    long high = destination ? packet.destinationHigh() : packet.sourceHigh();
    long low = destination ? packet.destinationLow() : packet.sourceLow();
    int ttl = packet.ttl();
    if (!state.out().equals(Device.NONE) && !packet.hasSocket()) {
      ttl = (ttl + 1) & 0xff;
    }
    RecentEntry entry = recent.find(high, low, check.ttl ? ttl : 0);
    if (!entry.exists()) {
      if (action != Action.SET) {
        return inverted;
      }
      recent.add(high, low, ttl, now);
      return !inverted;
    }
    boolean result = inverted;
    switch (action) {
      case SET -> result = !inverted;
      case REMOVE -> {
        recent.remove(entry);
        result = !inverted;
      }
      case CHECK, UPDATE -> result = check(recent, entry, now);
    }
    if (action == Action.SET || (action == Action.UPDATE && result)) {
      recent.stamp(entry, ttl, now);
    }
    return result;
  }

  private boolean check(RecentList recent, RecentEntry entry, long now) {
    long since = now - Integer.toUnsignedLong(check.seconds * Jiffies.HZ);
    boolean result = entry.hasHits(check.seconds != 0, since, check.hits) != inverted;
    if (check.reap) {
      recent.reap(since, entry, action == Action.UPDATE && result);
    }
    return result;
  }
}
