package dev.packetpath.iptables;

import dev.packetpath.core.Decisions;
import dev.packetpath.core.HookState;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.match.ConnectionStates;

/**
 * Tests packets for rules in {@link RuleCode}: the header, then test after test until one says no.
 * Belongs to one thread. {@link #test} does not allocate.
 */
final class RuleTester {
  static final int NO = 0;
  static final int YES = 1;
  static final int DROP = 2;

  /** How far the sites of a rule are from those of the next. */
  static final long SITES_OF_RULE = 1 << 8;

  private static final int FAILED = -1;
  private static final int UNREADABLE = -2;

  private final boolean wide;
  private final Decisions decisions;
  private final DeviceViews devices;
  private long calls;

  /**
   * Creates a tester.
   *
   * @param wide whether the packets are IPv6
   */
  RuleTester(boolean wide, Decisions decisions, DeviceViews devices) {
    this.wide = wide;
    this.decisions = decisions;
    this.devices = devices;
  }

  /** Returns a tester of the rules of a host. */
  static RuleTester of(LoadContext context, DeviceViews devices) {
    boolean wide = context.family() == IpFamily.IPV6;
    return new RuleTester(wide, context.host().decisions(), devices);
  }

  /** Returns the match calls since this was asked last. */
  long takeCalls() {
    long taken = calls;
    calls = 0;
    return taken;
  }

  /** Returns whether a rule's header does not hold, as far as that can be read. */
  boolean fails(int[] code, int at, Packet packet, HookState state) {
    int flags = code[at];
    return (flags & RuleCode.HEADER) != 0
        && (failsAtSource(code, at + RuleCode.FIRST_FIELD, flags, packet)
            || header(code, at + RuleCode.FIRST_FIELD, flags, packet, state) == FAILED);
  }

  /**
   * Returns whether a rule is surely about other IPv4 sources, as kube-proxy's that marks what
   * comes from elsewhere mostly is: known without a call, 45 instructions less.
   */
  private boolean failsAtSource(int[] code, int word, int flags, Packet packet) {
    return !wide
        && (flags & RuleCode.SOURCE) != 0
        && (((int) packet.sourceLow() & code[word]) == code[word + 1])
            == ((flags & RuleCode.NOT_SOURCE) != 0);
  }

  /**
   * Tests a packet.
   *
   * @param chain where in the code the rule's chain starts
   * @param at where the rule starts
   * @param place the rule's place in the chain
   */
  int test(
      int[] code,
      MatchFunction[] functions,
      int chain,
      int at,
      int place,
      Packet packet,
      HookState state) {
    int word = at + RuleCode.FIRST_FIELD;
    int flags = code[at];
    if ((flags & RuleCode.HEADER) != 0) {
      word = header(code, word, flags, packet, state);
      if (word < 0) {
        return word == FAILED ? NO : DROP;
      }
    }
    int end = at + code[at + RuleCode.LENGTH];
    for (int part = 0; word < end; part++) {
      int test = code[word];
      if ((test & RuleCode.TEST_MASK) == RuleCode.SEND_TO) {
        return YES;
      }
      int before = test >>> RuleCode.ALWAYS_SHIFT;
      calls += 1 + before;
      part += before;
      int result =
          switch (test & RuleCode.TEST_MASK) {
            case RuleCode.ALWAYS -> YES;
            case RuleCode.FUNCTION ->
                ofFunction(functions[RuleCode.function(test)].test(packet, state));
            case RuleCode.TRANSPORT -> transport(test, packet);
            case RuleCode.PORTS -> ports(code, word, packet);
            case RuleCode.MARK -> mark(code, word, packet);
            case RuleCode.STATE -> state(test, packet);
            default -> chance(code, word, site(code, chain, place) + part);
          };
      if (result != YES) {
        return result;
      }
      word += RuleCode.wordsOf(test);
    }
    return YES;
  }

  /**
   * Returns where the tests start if the header holds, otherwise {@link #FAILED}, or {@link
   * #UNREADABLE} if all but the protocol does, which cannot be found.
   */
  private int header(int[] code, int from, int flags, Packet packet, HookState state) {
    int word = from;
    if ((flags & RuleCode.SOURCE) != 0) {
      boolean equal =
          wide
              ? matches(code, word, packet.sourceHigh(), packet.sourceLow())
              : ((int) packet.sourceLow() & code[word]) == code[word + 1];
      if (equal == ((flags & RuleCode.NOT_SOURCE) != 0)) {
        return FAILED;
      }
      word += wide ? 8 : 2;
    }
    if ((flags & RuleCode.DESTINATION) != 0) {
      boolean equal =
          wide
              ? matches(code, word, packet.destinationHigh(), packet.destinationLow())
              : ((int) packet.destinationLow() & code[word]) == code[word + 1];
      if (equal == ((flags & RuleCode.NOT_DESTINATION) != 0)) {
        return FAILED;
      }
      word += wide ? 8 : 2;
    }
    boolean unreadable = false;
    if (wide && (flags & RuleCode.PROTOCOL) != 0 && packet.lacksProtocol()) {
      unreadable = true;
    } else if ((flags & RuleCode.PROTOCOL) != 0
        && (packet.protocol() == RuleCode.protocol(flags))
            == ((flags & RuleCode.NOT_PROTOCOL) != 0)) {
      return FAILED;
    }
    if ((flags & RuleCode.IN) != 0
        && devices.meets(state.in(), code[word++]) == ((flags & RuleCode.NOT_IN) != 0)) {
      return FAILED;
    }
    if ((flags & RuleCode.OUT) != 0
        && devices.meets(state.out(), code[word++]) == ((flags & RuleCode.NOT_OUT) != 0)) {
      return FAILED;
    }
    if ((flags & (RuleCode.LATER_FRAGMENT | RuleCode.NO_LATER_FRAGMENT)) != 0
        && packet.isLaterFragment() != ((flags & RuleCode.LATER_FRAGMENT) != 0)) {
      return FAILED;
    }
    return unreadable ? UNREADABLE : word;
  }

  /** Compares an IPv6 address with four words of mask and four of value. */
  private static boolean matches(int[] code, int word, long high, long low) {
    return ((int) (high >>> 32) & code[word]) == code[word + 4]
        && ((int) high & code[word + 1]) == code[word + 5]
        && ((int) (low >>> 32) & code[word + 2]) == code[word + 6]
        && ((int) low & code[word + 3]) == code[word + 7];
  }

  private static int ofFunction(MatchResult result) {
    return result == MatchResult.YES ? YES : result == MatchResult.NO ? NO : DROP;
  }

  /** Tests all but the ports. */
  private static int transport(int test, Packet packet) {
    if (packet.isLaterFragment()) {
      boolean overwrites = (test & RuleCode.DROPS_OFFSET_ONE) != 0 && packet.fragmentOffset() == 1;
      return overwrites ? DROP : NO;
    }
    if (packet.transportTruncated()) {
      return DROP;
    }
    int mask = test >>> RuleCode.FLAG_MASK_SHIFT & 0xff;
    boolean equal = (packet.tcpFlags() & mask) == (test >>> RuleCode.FLAGS_SHIFT & 0xff);
    return equal != ((test & RuleCode.NOT_FLAGS) != 0) ? YES : NO;
  }

  private static int ports(int[] code, int word, Packet packet) {
    int test = code[word];
    int result = transport(test, packet);
    if (result == YES
        && (isIn(code[word + 1], packet.sourcePort()) == ((test & RuleCode.NOT_SOURCE_PORT) != 0)
            || isIn(code[word + 2], packet.destinationPort())
                == ((test & RuleCode.NOT_DESTINATION_PORT) != 0))) {
      return NO;
    }
    return result;
  }

  private static boolean isIn(int range, int port) {
    return port >= range >>> 16 && port <= (range & 0xffff);
  }

  private static int mark(int[] code, int word, Packet packet) {
    boolean equal = (packet.mark() & code[word + 1]) == code[word + 2];
    return equal != ((code[word] & RuleCode.NOT) != 0) ? YES : NO;
  }

  private static int state(int test, Packet packet) {
    boolean any = (ConnectionStates.of(packet) & test >>> RuleCode.STATES_SHIFT) != 0;
    return any != ((test & RuleCode.NOT) != 0) ? YES : NO;
  }

  /** Returns the site of a rule's first test. */
  static long site(int[] code, int chain, int place) {
    return (long) code[chain + ChainCode.SITE] << 32 | (place + 1L) * SITES_OF_RULE;
  }

  private int chance(int[] code, int word, long site) {
    boolean below = decisions.chance(Integer.toUnsignedLong(code[word + 1]), site);
    return below != ((code[word] & RuleCode.NOT) != 0) ? YES : NO;
  }
}
