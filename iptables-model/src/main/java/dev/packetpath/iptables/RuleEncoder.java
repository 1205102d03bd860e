package dev.packetpath.iptables;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;

/** Writes chains as {@link ChainCode}, and their rules as {@link RuleCode}. */
final class RuleEncoder {
  private static final int NO_CALLER = -1;
  private static final int SEVERAL_CALLERS = -2;

  private final DevicePatterns devices;
  private final ToIntFunction<String> chains;
  private int[] code = new int[256];
  private int size;
  private int counters;
  private int entries;
  private int functions;
  private int targets;

  /** The places of the chains that the chain written last calls, rule by rule. */
  private final IntArrayList called = new IntArrayList();

  /** Where places of called chains stand in place of where these chains start. */
  private final IntArrayList calls = new IntArrayList();

  /** The choices that were written: where each starts, and the place of the chain that it calls. */
  private final IntArrayList choices = new IntArrayList();

  /** For each of {@link #calls} where the counters of the calling rule stand. */
  private final IntArrayList callers = new IntArrayList();

  private int chainCounters;
  private int rulesOfChain;

  /**
   * Creates an encoder.
   *
   * @param devices where the rules' device names get their numbers
   * @param chains the places of the table's chains by name
   */
  RuleEncoder(DevicePatterns devices, ToIntFunction<String> chains) {
    this.devices = devices;
    this.chains = chains;
  }

  /** Goes on behind what another encoder wrote for the same table; the array is its own. */
  void continueBehind(
      int[] written, int length, int counters, int entries, int functions, int targets) {
    this.code = written;
    this.size = length;
    this.counters = counters;
    this.entries = entries;
    this.functions = functions;
    this.targets = targets;
  }

  /** Returns what was written, with room behind it. */
  int[] code() {
    return code;
  }

  /**
   * Starts a chain and returns where.
   *
   * @param place see {@link ChainCode#PLACE}
   * @param plain see {@link ChainCode#PLAIN}
   * @param site see {@link LoadContext#siteOf}
   */
  int startChain(Chain chain, int place, int plain, long site) {
    int start = size;
    put(chain.rules().size());
    put(plain);
    put(counters);
    put((int) (site >>> 32));
    put(place);
    put(entries++);
    put(0);
    put(ChainCode.NOT_CHOSEN);
    chainCounters = counters;
    counters += TableCounters.lengthOf(chain);
    rulesOfChain = 0;
    called.clear();
    return start;
  }

  /** Returns the places of the chains that the chain written last calls, rule by rule. */
  IntList called() {
    return called;
  }

  /** Lets all rules written call their chains, now that it is known where these start. */
  void link(int[] starts) {
    for (int i = 0; i < calls.size(); i++) {
      int at = calls.getInt(i);
      code[at] = starts[code[at]];
    }
    calls.clear();
    callers.clear();
    for (int i = 0; i < choices.size(); i += 2) {
      know(choices.getInt(i), starts[choices.getInt(i + 1)]);
    }
    choices.clear();
  }

  /** Lets a choice know what the chain is that it calls, and no other choice any more. */
  private void know(int choice, int chain) {
    forget(chain);
    code[chain + ChainCode.CHOSEN_BY] = choice;
    code[choice + ChoiceCode.COUNTERS] = code[chain + ChainCode.COUNTERS];
    code[choice + ChoiceCode.ENTRY] = code[chain + ChainCode.ENTRY];
  }

  private void forget(int chain) {
    int choice = code[chain + ChainCode.CHOSEN_BY];
    if (choice != ChainCode.NOT_CHOSEN) {
      code[choice + ChoiceCode.COUNTERS] = ChoiceCode.NOT_KNOWN;
    }
  }

  /**
   * Writes the choices of a chain, in front of the rules that they stand for.
   *
   * @param chain where the chain starts
   */
  void addChoices(int chain, List<EndpointChoice> ofEndpoint) {
    int start = size;
    ofEndpoint.forEach(this::choice);
    code[chain + ChainCode.CHOICES] = size - start;
  }

  private void choice(EndpointChoice choice) {
    choices.add(size);
    choices.add(chains.applyAsInt(choice.chain()));
    put(choice.threshold());
    put(ChoiceCode.details(choice));
    put(ChoiceCode.NOT_KNOWN);
    put(ChoiceCode.NOT_KNOWN);
    address(choice.endpoint().to().address());
  }

  /**
   * Leaves counting the walks that enter a chain to the only rule that calls it, if there is one.
   * For a whole table, before {@link #link}.
   */
  void shareEntries(int[] starts, IntPredicate isBase) {
    int[] onlyCallers = new int[starts.length];
    Arrays.fill(onlyCallers, NO_CALLER);
    for (int i = 0; i < calls.size(); i++) {
      int called = code[calls.getInt(i)];
      boolean first = onlyCallers[called] == NO_CALLER;
      onlyCallers[called] = first ? callers.getInt(i) : SEVERAL_CALLERS;
    }
    entries = 0;
    for (int place = 0; place < starts.length; place++) {
      boolean shares = onlyCallers[place] >= 0 && !isBase.test(place);
      code[starts[place] + ChainCode.ENTRY] = shares ? ~onlyCallers[place] : entries++;
    }
  }

  /** Gives a chain a counter of the walks that enter; returns its number. */
  int newEntry(int start) {
    int choice = code[start + ChainCode.CHOSEN_BY];
    if (choice != ChainCode.NOT_CHOSEN) {
      code[choice + ChoiceCode.ENTRY] = entries;
    }
    code[start + ChainCode.ENTRY] = entries;
    return entries++;
  }

  /** Leaves word where a chain was that it now starts elsewhere. */
  void move(int from, int to) {
    forget(from);
    code[from + ChainCode.SIZE] = ChainCode.MOVED;
    code[from + ChainCode.PLAIN] = to;
  }

  /** Returns how many words were written: where the next rule will start. */
  int size() {
    return size;
  }

  /** Returns the number of counters that rules and policies take. */
  int counters() {
    return counters;
  }

  /** Returns the number of counters of walks that enter a chain. */
  int entries() {
    return entries;
  }

  /** Returns the number of match functions that the rules call. */
  int functions() {
    return functions;
  }

  /** Returns the number of targets that the rules run. */
  int targets() {
    return targets;
  }

  /** Writes a rule behind those written before. */
  void add(Rule rule) {
    int start = size;
    HeaderMatch header = rule.header();
    put(flags(header) | RuleCode.ofAction(action(rule.action())));
    put(0);
    put(argument(rule.action()));
    if ((code[start] & RuleCode.SOURCE) != 0) {
      address(header.source());
    }
    if ((code[start] & RuleCode.DESTINATION) != 0) {
      address(header.destination());
    }
    if (!header.in().isAny()) {
      put(devices.add(header.in().pattern()));
    }
    if (!header.out().isAny()) {
      put(devices.add(header.out().pattern()));
    }
    tests(rule);
    if (rule.action() instanceof RuleAction.Extension extension
        && extension.target().form() instanceof TargetForm.SendTo to) {
      code[start] |= RuleCode.SENDS;
      put(RuleCode.SEND_TO);
      address(to.address());
      put(to.port());
    }
    code[start + RuleCode.LENGTH] = size - start;
    rulesOfChain++;
  }

  private static int flags(HeaderMatch header) {
    int flags = 0;
    if (!header.source().isAny() || header.sourceInverted()) {
      flags |= RuleCode.SOURCE | (header.sourceInverted() ? RuleCode.NOT_SOURCE : 0);
    }
    if (!header.destination().isAny() || header.destinationInverted()) {
      flags |= RuleCode.DESTINATION | (header.destinationInverted() ? RuleCode.NOT_DESTINATION : 0);
    }
    if (!header.in().isAny()) {
      flags |= RuleCode.IN | (header.in().inverted() ? RuleCode.NOT_IN : 0);
    }
    if (!header.out().isAny()) {
      flags |= RuleCode.OUT | (header.out().inverted() ? RuleCode.NOT_OUT : 0);
    }
    if (header.protocol() != HeaderMatch.ANY_PROTOCOL) {
      flags |= RuleCode.PROTOCOL | RuleCode.ofProtocol(header.protocol());
      flags |= header.protocolInverted() ? RuleCode.NOT_PROTOCOL : 0;
    }
    return flags
        | switch (header.fragment()) {
          case ANY -> 0;
          case LATER -> RuleCode.LATER_FRAGMENT;
          case FIRST_OR_WHOLE -> RuleCode.NO_LATER_FRAGMENT;
        };
  }

  private static int action(RuleAction action) {
    if (action instanceof RuleAction.Standard standard) {
      return switch (standard.verdict()) {
        case ACCEPT -> RuleCode.ACCEPT;
        case DROP -> RuleCode.DROP;
        case QUEUE -> RuleCode.QUEUE;
        case RETURN -> RuleCode.RETURN;
      };
    }
    if (action instanceof RuleAction.Jump) {
      return RuleCode.JUMP;
    }
    if (action instanceof RuleAction.Goto) {
      return RuleCode.GOTO;
    }
    return action instanceof RuleAction.Extension ? RuleCode.TARGET : RuleCode.CONTINUE;
  }

  private int argument(RuleAction action) {
    if (action instanceof RuleAction.Jump jump) {
      return call(jump.chain());
    }
    if (action instanceof RuleAction.Goto goTo) {
      return call(goTo.chain());
    }
    return action instanceof RuleAction.Extension ? targets++ : 0;
  }

  private int call(String chain) {
    int callee = chains.applyAsInt(chain);
    called.add(callee);
    calls.add(size);
    callers.add(TableCounters.ofRule(chainCounters, rulesOfChain));
    return callee;
  }

  private void address(AddressMask address) {
    address(address.mask());
    address(address.address());
  }

  private void address(IpAddress address) {
    boolean wide = address.family() == IpFamily.IPV6;
    if (wide) {
      put(address.high());
    }
    putLow(address.low(), wide);
  }

  private void tests(Rule rule) {
    int always = 0;
    for (Match match : rule.matches()) {
      if (match.form() instanceof MatchForm.Always && always < RuleCode.MOST_ALWAYS) {
        always++;
      } else {
        int start = size;
        test(match.form());
        code[start] |= always << RuleCode.ALWAYS_SHIFT;
        always = 0;
      }
    }
    if (always > 0) {
      put(RuleCode.ALWAYS | (always - 1) << RuleCode.ALWAYS_SHIFT);
    }
  }

  private void test(MatchForm form) {
    if (form instanceof MatchForm.Function) {
      put(RuleCode.FUNCTION | functions++ << RuleCode.FUNCTION_SHIFT);
    } else if (form instanceof MatchForm.Always) {
      put(RuleCode.ALWAYS);
    } else if (form instanceof MatchForm.Ports ports) {
      ports(ports);
    } else if (form instanceof MatchForm.Mark mark) {
      put(RuleCode.MARK | (mark.inverted() ? RuleCode.NOT : 0));
      put(mark.mask());
      put(mark.value());
    } else if (form instanceof MatchForm.State state) {
      put(
          RuleCode.STATE
              | (state.inverted() ? RuleCode.NOT : 0)
              | state.states() << RuleCode.STATES_SHIFT);
    } else if (form instanceof MatchForm.Chance chance) {
      put(RuleCode.CHANCE | (chance.inverted() ? RuleCode.NOT : 0));
      put((int) chance.threshold());
    }
  }

  private void ports(MatchForm.Ports form) {
    boolean any =
        form.source().equals(MatchForm.PortInterval.ANY)
            && form.destination().equals(MatchForm.PortInterval.ANY);
    put(
        (any ? RuleCode.TRANSPORT : RuleCode.PORTS)
            | (form.source().inverted() ? RuleCode.NOT_SOURCE_PORT : 0)
            | (form.destination().inverted() ? RuleCode.NOT_DESTINATION_PORT : 0)
            | (form.flagsInverted() ? RuleCode.NOT_FLAGS : 0)
            | (form.dropsOffsetOne() ? RuleCode.DROPS_OFFSET_ONE : 0)
            | form.flagMask() << RuleCode.FLAG_MASK_SHIFT
            | form.flags() << RuleCode.FLAGS_SHIFT);
    if (!any) {
      put(form.source().first() << 16 | form.source().last());
      put(form.destination().first() << 16 | form.destination().last());
    }
  }

  private void put(int word) {
    if (size == code.length) {
      code = Arrays.copyOf(code, 2 * size);
    }
    code[size++] = word;
  }

  private void put(long word) {
    put((int) (word >>> 32));
    put((int) word);
  }

  private void putLow(long low, boolean wide) {
    if (wide) {
      put(low);
    } else {
      put((int) low);
    }
  }
}
