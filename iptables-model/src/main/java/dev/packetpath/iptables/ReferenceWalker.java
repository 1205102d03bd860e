package dev.packetpath.iptables;

import dev.packetpath.core.HookState;
import dev.packetpath.core.Operation;
import dev.packetpath.core.Trace;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.Work;
import dev.packetpath.core.host.PathEffect;
import dev.packetpath.core.packet.Packet;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Walks the rules of a table one by one, as the kernel does, and counts what it does. Written to be
 * read; it takes time linear in the rules evaluated.
 *
 * <p>A target may send a packet that walks the same table before the first walk ends; the walks
 * share the stack of jumps, each above the other.
 *
 * <p>Source: net/ipv4/netfilter/ip_tables.c, ipt_do_table, Linux 6.1.
 */
final class ReferenceWalker implements TableWalker, TableCounts {
  private static final Operation RULE_EVALUATED = Operation.named("ruleEvaluated");
  private static final Operation RULE_MATCHED = Operation.named("ruleMatched");
  private static final Operation MATCH_CALL = Operation.named("matchCall");
  private static final Operation TARGET_CALL = Operation.named("targetCall");
  private static final Operation CHAIN_CALL = Operation.named("chainCall");
  private static final Operation IMPLICIT_RETURN = Operation.named("implicitReturn");
  private static final Operation POLICY = Operation.named("policy");

  private final TableName table;
  private final LoadContext context;
  private LoadedChain[] chains;
  private final Work work;
  private final Trace trace;
  private LoadedChain[] stackOfChains = new LoadedChain[8];
  private int[] stackOfPlaces = new int[8];
  private int depth;
  private long rulesEvaluated;

  ReferenceWalker(TableProgram program, LoadContext context) {
    this.table = program.name();
    this.context = context;
    this.chains = ReferenceLoader.load(program, context);
    this.work = context.host().work();
    this.trace = context.host().trace();
  }

  @Override
  public Verdict walk(int baseChain, Packet packet, HookState state) {
    LoadedChain base = chains[baseChain];
    int bottom = depth;
    long evaluatedBefore = rulesEvaluated;
    if (trace.isOn()) {
      trace.add(new TableEvent.Entered(table, base.name));
    }
    Verdict verdict = walkFrom(base, bottom, packet, state);
    depth = bottom;
    if (trace.isOn()) {
      trace.add(new TableEvent.Left(table, base.name, verdict, rulesEvaluated - evaluatedBefore));
    }
    return verdict;
  }

  private Verdict walkFrom(LoadedChain base, int bottom, Packet packet, HookState state) {
    LoadedChain chain = base;
    int place = 0;
    while (true) {
      if (place == chain.rules.length) {
        chain.endReached++;
        if (depth == bottom) {
          return policy(base, packet);
        }
        work.add(IMPLICIT_RETURN);
        LoadedChain left = chain;
        chain = stackOfChains[--depth];
        place = stackOfPlaces[depth];
        traceReturn(left, chain);
        continue;
      }
      LoadedRule rule = chain.rules[place++];
      MatchResult result = evaluate(rule, packet, state);
      if (trace.isOn()) {
        trace.add(
            new TableEvent.Evaluated(
                table, chain.name, place, rule.rule, result == MatchResult.YES));
      }
      if (result == MatchResult.DROP) {
        return Verdict.DROP;
      }
      if (result == MatchResult.NO) {
        continue;
      }
      count(rule, packet);
      RuleAction action = rule.rule.action();
      if (action instanceof RuleAction.Extension) {
        work.add(TARGET_CALL);
        TargetResult targetResult = rule.target.run(packet, state);
        if (targetResult != TargetResult.CONTINUE) {
          return Verdict.valueOf(targetResult.name());
        }
      } else if (action instanceof RuleAction.Standard standard) {
        if (standard.verdict() != StandardVerdict.RETURN) {
          return Verdict.valueOf(standard.verdict().name());
        }
        if (depth == bottom) {
          return policy(base, packet);
        }
        LoadedChain left = chain;
        chain = stackOfChains[--depth];
        place = stackOfPlaces[depth];
        traceReturn(left, chain);
      } else if (rule.called != LoadedChain.NONE) {
        work.add(CHAIN_CALL);
        if (action instanceof RuleAction.Jump) {
          push(chain, place);
        }
        chain = rule.called;
        place = 0;
      }
    }
  }

  private MatchResult evaluate(LoadedRule rule, Packet packet, HookState state) {
    rulesEvaluated++;
    rule.evaluated++;
    work.add(RULE_EVALUATED);
    if (rule.header.failsToRead(packet, state)) {
      return MatchResult.DROP;
    }
    if (!rule.header.matches(packet, state)) {
      return MatchResult.NO;
    }
    for (MatchFunction match : rule.matches) {
      work.add(MATCH_CALL);
      MatchResult result = match.test(packet, state);
      if (result != MatchResult.YES) {
        return result;
      }
    }
    return MatchResult.YES;
  }

  private void count(LoadedRule rule, Packet packet) {
    work.add(RULE_MATCHED);
    rule.packets++;
    rule.bytes += packet.length();
  }

  private Verdict policy(LoadedChain base, Packet packet) {
    work.add(POLICY);
    base.policyPackets++;
    base.policyBytes += packet.length();
    if (trace.isOn()) {
      trace.add(new TableEvent.PolicyApplied(table, base.name, base.policy));
    }
    return base.policy == Policy.ACCEPT ? Verdict.ACCEPT : Verdict.DROP;
  }

  private void push(LoadedChain chain, int place) {
    if (depth == stackOfPlaces.length) {
      stackOfChains = Arrays.copyOf(stackOfChains, depth * 2);
      stackOfPlaces = Arrays.copyOf(stackOfPlaces, depth * 2);
    }
    stackOfChains[depth] = chain;
    stackOfPlaces[depth++] = place;
  }

  private void traceReturn(LoadedChain left, LoadedChain into) {
    if (trace.isOn()) {
      trace.add(new TableEvent.Returned(table, left.name, into.name));
    }
  }

  @Override
  public void update(TableProgram updated, ProgramUpdate change, TableFunctions made) {
    chains = ReferenceLoader.reload(chains, updated, change.chains(), context);
  }

  @Override
  public Optional<PathEffect> effectOn(int base, Packet packet, HookState state) {
    return Optional.empty(); // each packet is walked
  }

  @Override
  public void lookAhead(int base, List<Packet> burst, int from, int end) {} // rule after rule

  @Override
  public long chainsReadAhead() {
    return 0;
  }

  @Override
  public void compact(TableProgram compacted) {} // walks what is written

  @Override
  public TableCounts counts() {
    return this;
  }

  @Override
  public long rulesEvaluated() {
    return rulesEvaluated;
  }

  @Override
  public Counters matched(int chain, int rule) {
    LoadedRule counted = chains[chain].rules[rule];
    return new Counters(counted.packets, counted.bytes);
  }

  @Override
  public long[] evaluated(int chain) {
    return Arrays.stream(chains[chain].rules).mapToLong(rule -> rule.evaluated).toArray();
  }

  @Override
  public Counters policy(int chain) {
    return new Counters(chains[chain].policyPackets, chains[chain].policyBytes);
  }

  @Override
  public long endReached(int chain) {
    return chains[chain].endReached;
  }

  @Override
  public void addCounters(TableWalker other) {
    ReferenceWalker walker = (ReferenceWalker) other;
    rulesEvaluated += walker.rulesEvaluated;
    for (int i = 0; i < chains.length; i++) {
      chains[i].addCounters(walker.chains[i]);
    }
  }
}
