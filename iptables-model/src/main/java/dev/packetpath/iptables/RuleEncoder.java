package dev.packetpath.iptables;

/** Writes rules as {@link RuleCode}. */
final class RuleEncoder {
  private final CodeWords words;
  private final DevicePatterns devices;
  private int functions;
  private int targets;

  /**
   * Creates an encoder.
   *
   * @param devices where the rules' device names get their numbers
   * @param functions how many match functions the rules written before call
   * @param targets how many targets they run
   */
  RuleEncoder(CodeWords words, DevicePatterns devices, int functions, int targets) {
    this.words = words;
    this.devices = devices;
    this.functions = functions;
    this.targets = targets;
  }

  /** Returns the number of match functions that the rules call. */
  int functions() {
    return functions;
  }

  /** Returns the number of targets that the rules run. */
  int targets() {
    return targets;
  }

  /**
   * Writes a rule behind what was written before.
   *
   * @param argument what stands at {@link RuleCode#ARGUMENT} if the rule calls a chain
   */
  void add(Rule rule, int argument) {
    int start = words.size();
    HeaderMatch header = rule.header();
    words.put(flags(header) | RuleCode.ofAction(action(rule.action())));
    words.put(0);
    words.put(rule.action() instanceof RuleAction.Extension ? targets++ : argument);
    int flags = words.get(start);
    if ((flags & RuleCode.SOURCE) != 0) {
      address(header.source());
    }
    if ((flags & RuleCode.DESTINATION) != 0) {
      address(header.destination());
    }
    if (!header.in().isAny()) {
      words.put(devices.add(header.in().pattern()));
    }
    if (!header.out().isAny()) {
      words.put(devices.add(header.out().pattern()));
    }
    tests(rule);
    if (rule.action() instanceof RuleAction.Extension extension
        && extension.target().form() instanceof TargetForm.SendTo to) {
      words.set(start, flags | RuleCode.SENDS);
      words.put(RuleCode.SEND_TO);
      words.put(to.address());
      words.put(to.port());
    }
    words.set(start + RuleCode.LENGTH, words.size() - start);
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

  /** Returns the action of a rule's code. */
  static int action(RuleAction action) {
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

  private void address(AddressMask address) {
    words.put(address.mask());
    words.put(address.address());
  }

  private void tests(Rule rule) {
    int always = 0;
    for (Match match : rule.matches()) {
      if (match.form() instanceof MatchForm.Always && always < RuleCode.MOST_ALWAYS) {
        always++;
      } else {
        int start = words.size();
        test(match.form());
        words.set(start, words.get(start) | always << RuleCode.ALWAYS_SHIFT);
        always = 0;
      }
    }
    if (always > 0) {
      words.put(RuleCode.ALWAYS | (always - 1) << RuleCode.ALWAYS_SHIFT);
    }
  }

  private void test(MatchForm form) {
    if (form instanceof MatchForm.Function) {
      words.put(RuleCode.FUNCTION | functions++ << RuleCode.FUNCTION_SHIFT);
    } else if (form instanceof MatchForm.Always) {
      words.put(RuleCode.ALWAYS);
    } else if (form instanceof MatchForm.Ports ports) {
      ports(ports);
    } else if (form instanceof MatchForm.Mark mark) {
      words.put(RuleCode.MARK | (mark.inverted() ? RuleCode.NOT : 0));
      words.put(mark.mask());
      words.put(mark.value());
    } else if (form instanceof MatchForm.State state) {
      words.put(
          RuleCode.STATE
              | (state.inverted() ? RuleCode.NOT : 0)
              | state.states() << RuleCode.STATES_SHIFT);
    } else if (form instanceof MatchForm.Chance chance) {
      words.put(RuleCode.CHANCE | (chance.inverted() ? RuleCode.NOT : 0));
      words.put((int) chance.threshold());
    }
  }

  private void ports(MatchForm.Ports form) {
    boolean any =
        form.source().equals(MatchForm.PortInterval.ANY)
            && form.destination().equals(MatchForm.PortInterval.ANY);
    words.put(
        (any ? RuleCode.TRANSPORT : RuleCode.PORTS)
            | (form.source().inverted() ? RuleCode.NOT_SOURCE_PORT : 0)
            | (form.destination().inverted() ? RuleCode.NOT_DESTINATION_PORT : 0)
            | (form.flagsInverted() ? RuleCode.NOT_FLAGS : 0)
            | (form.dropsOffsetOne() ? RuleCode.DROPS_OFFSET_ONE : 0)
            | form.flagMask() << RuleCode.FLAG_MASK_SHIFT
            | form.flags() << RuleCode.FLAGS_SHIFT);
    if (!any) {
      words.put(form.source().first() << 16 | form.source().last());
      words.put(form.destination().first() << 16 | form.destination().last());
    }
  }
}
