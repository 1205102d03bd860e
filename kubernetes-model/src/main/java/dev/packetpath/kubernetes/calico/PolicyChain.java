package dev.packetpath.kubernetes.calico;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.CalicoRule;
import dev.packetpath.kubernetes.policy.PolicyPort;
import dev.packetpath.kubernetes.text.RuleWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The chain of one policy in one direction. What does not fit into one rule of iptables, where a
 * test is of one range of addresses and of 15 ports, becomes rules that collect in a mark whether
 * the tests held, and one that asks for the mark.
 *
 * <p>Source: projectcalico/calico felix/rules/policy.go at 87c15906f2.
 */
final class PolicyChain {
  /** Whether all tests so far held. */
  private static final int ALL_HELD = CalicoRules.SCRATCH;

  /** Whether one of the alternatives of the present test held. */
  private static final int ONE_HELD = 0x10_0000;

  /** Set on a packet that a rule denies. */
  private static final int DROP = 0x4_0000;

  /** How many places for ports a rule has; a range takes two. */
  private static final int PORT_PLACES = 15;

  private final CalicoRules rules = new CalicoRules();
  private final PolicySets sets;
  private final IpFamily family;
  private final boolean incoming;

  private boolean usesMarks;
  private boolean hadAlternatives;

  private PolicyChain(PolicySets sets, IpFamily family, boolean incoming) {
    this.sets = sets;
    this.family = family;
    this.incoming = incoming;
  }

  /**
   * Returns the rules of a policy.
   *
   * @param incoming whether they are about what Pods receive
   */
  static CalicoRules of(
      ImmutableList<CalicoRule> written, PolicySets sets, IpFamily family, boolean incoming) {
    PolicyChain chain = new PolicyChain(sets, family, incoming);
    List<CalicoRule> present = written.stream().filter(chain::isOfFamily).toList();
    for (int i = 0; i < present.size(); i++) {
      chain.add(present.get(i), i == present.size() - 1);
    }
    return chain.rules;
  }

  private boolean isOfFamily(CalicoRule rule) {
    return rule.nets().isEmpty() || !ofFamily(rule.nets()).isEmpty();
  }

  private List<IpPrefix> ofFamily(ImmutableList<IpPrefix> nets) {
    return nets.stream().filter(net -> net.family() == family).toList();
  }

  private void add(CalicoRule rule, boolean isLast) {
    usesMarks = false;
    hadAlternatives = false;
    Consumer<RuleWriter> test = out -> rule.protocol().ifPresent(any -> protocol(out, any));
    List<Consumer<RuleWriter>> ports = portTests(rule);
    test = test.andThen(oneOf(ports));
    List<Consumer<RuleWriter>> nets = new ArrayList<>();
    ofFamily(rule.nets()).forEach(net -> nets.add(out -> net(out, net)));
    test = test.andThen(oneOf(nets));
    List<IpPrefix> notNets = ofFamily(rule.notNets());
    if (notNets.size() + (nets.size() == 1 ? 1 : 0) > 1) {
      start(ALL_HELD);
      notNets.forEach(net -> rules.set(out -> net(out, net), 0, ALL_HELD));
    } else {
      for (IpPrefix net : notNets) {
        test = test.andThen(out -> notNet(out, net));
      }
    }
    if (rule.peers().isPresent()) {
      String set = sets.addressesOf(rule.peers().get());
      String side = incoming ? "src" : "dst";
      test = test.andThen(out -> out.match("set --match-set " + set + " " + side));
    }
    if (usesMarks) {
      test = test.andThen(CalicoRules.marked(ALL_HELD));
    }
    conclude(rule.action(), test, isLast);
  }

  private void conclude(CalicoRule.Action action, Consumer<RuleWriter> test, boolean isLast) {
    switch (action) {
      case ALLOW -> decide(test, CalicoRules.ACCEPT, "RETURN", isLast);
      case PASS -> decide(test, CalicoRules.PASS, "RETURN", isLast);
      case DENY -> decide(test, DROP, "DROP", false);
      case LOG -> rules.when(test, "LOG --log-prefix \"calico-packet: \" --log-level 5");
    }
  }

  /** Adds a rule that marks, and one that acts on the mark; the end of a chain returns anyway. */
  private void decide(Consumer<RuleWriter> test, int mark, String target, boolean isLast) {
    rules.mark(test, mark);
    if (!isLast) {
      rules.when(CalicoRules.marked(mark), target);
    }
  }

  private void protocol(RuleWriter out, Object protocol) {
    out.protocol(protocol.toString());
  }

  private void net(RuleWriter out, IpPrefix net) {
    if (incoming) {
      out.source(net);
    } else {
      out.destination(net);
    }
  }

  private void notNet(RuleWriter out, IpPrefix net) {
    if (incoming) {
      out.sourceNot(net);
    } else {
      out.destinationNot(net);
    }
  }

  /** Returns a test for each group of port numbers that fits into a rule, and for each name. */
  private List<Consumer<RuleWriter>> portTests(CalicoRule rule) {
    List<Consumer<RuleWriter>> tests = new ArrayList<>();
    StringBuilder group = new StringBuilder();
    int free = PORT_PLACES;
    for (PolicyPort port : rule.ports()) {
      if (port.name().isEmpty()) {
        int places = port.first() == port.last() ? 1 : 2;
        if (places > free) {
          tests.add(ports(group.toString()));
          group.setLength(0);
          free = PORT_PLACES;
        }
        group.append(group.isEmpty() ? "" : ",").append(port.first());
        if (places == 2) {
          group.append(':').append(port.last());
        }
        free -= places;
      }
    }
    if (!group.isEmpty()) {
      tests.add(ports(group.toString()));
    }
    for (PolicyPort port : rule.ports()) {
      if (!port.name().isEmpty()) {
        String set = sets.portsOf(port);
        tests.add(out -> out.match("set --match-set " + set + " dst,dst"));
      }
    }
    boolean alternatives = tests.size() > 1;
    return alternatives
        ? tests.stream()
            .<Consumer<RuleWriter>>map(
                test ->
                    out -> {
                      rule.protocol().ifPresent(protocol -> protocol(out, protocol));
                      test.accept(out);
                    })
            .toList()
        : tests;
  }

  private static Consumer<RuleWriter> ports(String list) {
    return out -> out.match("multiport --destination-ports " + list, "multiport --dports " + list);
  }

  /**
   * Returns a test that one of several holds: the only one itself, or rules that set the mark,
   * which is asked for in the end.
   */
  private Consumer<RuleWriter> oneOf(List<Consumer<RuleWriter>> tests) {
    if (tests.size() == 1) {
      return tests.get(0);
    }
    if (!tests.isEmpty()) {
      start(0);
      int mark = hadAlternatives ? ONE_HELD : ALL_HELD;
      tests.forEach(test -> rules.mark(test, mark));
      if (hadAlternatives) {
        rules.set(CalicoRules.unmarked(ONE_HELD), 0, ALL_HELD);
      }
      hadAlternatives = true;
    }
    return out -> {};
  }

  private void start(int initially) {
    if (!usesMarks) {
      rules.set(out -> {}, initially, ALL_HELD | ONE_HELD);
      usesMarks = true;
    }
  }
}
