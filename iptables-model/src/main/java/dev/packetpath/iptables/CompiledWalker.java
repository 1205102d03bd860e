package dev.packetpath.iptables;

import dev.packetpath.core.HookState;
import dev.packetpath.core.Operation;
import dev.packetpath.core.Trace;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import java.util.Arrays;

/**
 * Walks compiled chains: evaluates the rules that may match and counts those passed over without
 * looking at them. The answer, every counter, all work and every trace event are those of {@link
 * ReferenceWalker}.
 *
 * <p>{@link #walk} does not allocate, unless the trace is on. Belongs to one thread. A target may
 * send a packet that walks the same table before the first walk ends; the walks share the stacks.
 */
final class CompiledWalker implements TableWalker {
  private static final Operation RULE_EVALUATED = Operation.named("ruleEvaluated");
  private static final Operation RULE_MATCHED = Operation.named("ruleMatched");
  private static final Operation MATCH_CALL = Operation.named("matchCall");
  private static final Operation TARGET_CALL = Operation.named("targetCall");
  private static final Operation CHAIN_CALL = Operation.named("chainCall");
  private static final Operation IMPLICIT_RETURN = Operation.named("implicitReturn");
  private static final Operation POLICY = Operation.named("policy");

  /** The cursors of a chain whose index was not asked yet. */
  private static final int NOT_STARTED = -1;

  private static final int WORDS_OF_FRAME = 4;

  private final TableProgram program;
  private final Work work;
  private final Trace trace;
  private final DeviceViews devices;
  private final RuleTester tester;
  private final IndexCursors cursors = new IndexCursors();
  private final ChainProgram[] chains;
  private final ChainState[] states;

  /** For each jump the chain, the place of the rule, where its code starts, and the cursors. */
  private int[] stack = new int[8 * WORDS_OF_FRAME];

  private int depth;
  private long rulesEvaluated;
  private long passedCalls;
  private long matched;
  private long chainCalls;
  private long implicitReturns;
  private long targetCalls;

  /** How many of {@link #rulesEvaluated} the work knows of. */
  private long rulesTold;

  CompiledWalker(TableProgram program, LoadContext context) {
    this.program = program;
    this.work = context.host().work();
    this.trace = context.host().trace();
    this.devices = new DeviceViews(program.devices());
    this.tester =
        new RuleTester(context.family() == IpFamily.IPV6, context.host().decisions(), this.devices);
    this.chains = program.chains();
    this.states = new ChainState[chains.length];
    Arrays.setAll(states, i -> ChainState.load(chains[i], context));
  }

  @Override
  public Verdict walk(int base, Packet packet, HookState state) {
    int bottom = depth;
    int cursorsBefore = cursors.top;
    long evaluatedBefore = rulesEvaluated;
    boolean traced = trace.isOn();
    if (traced) {
      trace.add(new TableEvent.Entered(program.name(), chains[base].written.name()));
    }
    Verdict verdict = walkFrom(base, bottom, packet, state);
    while (depth > bottom) {
      depth--;
      int frame = depth * WORDS_OF_FRAME;
      endAtRule(stack[frame], stack[frame + 1], stack[frame + 3]);
    }
    cursors.top = cursorsBefore;
    tellWork();
    if (traced) {
      trace.add(
          new TableEvent.Left(
              program.name(),
              chains[base].written.name(),
              verdict,
              rulesEvaluated - evaluatedBefore));
    }
    return verdict;
  }

  private Verdict walkFrom(int base, int bottom, Packet packet, HookState state) {
    int number = base;
    ChainProgram chain = chains[number];
    ChainState counts = states[number];
    counts.entered();
    int place = 0;
    int at = 0;
    int walk = NOT_STARTED;
    while (true) {
      if (place >= chain.plain && chain.isIndexed()) {
        if (walk == NOT_STARTED) {
          walk = chain.index.start(cursors, packet, state, devices);
        }
        int next = chain.index.next(cursors, walk, place);
        if (trace.isOn()) {
          tracePassedOver(chain, place, next);
        }
        place = next;
        at = chain.start(place);
      }
      int action;
      if (place == chain.size) {
        action = RuleCode.RETURN;
        end(chain, place, walk);
        implicitReturns += depth == bottom ? 0 : 1;
      } else {
        int result = tester.test(chain, counts.functions, at, place, packet, state);
        if (trace.isOn()) {
          traceEvaluated(chain, place, result == RuleTester.YES);
        }
        if (result == RuleTester.NO) {
          at += chain.code[at + RuleCode.LENGTH];
          place++;
          continue;
        }
        if (result == RuleTester.DROP) {
          endAtRule(number, place, walk);
          return Verdict.DROP;
        }
        matched++;
        counts.matched(place, packet.length());
        action = RuleCode.action(chain.code[at]);
        if (action == RuleCode.TARGET) {
          targetCalls++;
          TargetFunction target = counts.targets[chain.code[at + RuleCode.ARGUMENT]];
          TargetResult targetResult = target.run(packet, state);
          if (targetResult != TargetResult.CONTINUE) {
            endAtRule(number, place, walk);
            return verdict(targetResult);
          }
          action = RuleCode.CONTINUE;
        }
        if (action == RuleCode.CONTINUE) {
          at += chain.code[at + RuleCode.LENGTH];
          place++;
          continue;
        }
        if (action == RuleCode.JUMP) {
          push(number, place, at, walk);
        } else {
          endAtRule(number, place, walk);
        }
      }
      if (action == RuleCode.JUMP || action == RuleCode.GOTO) {
        chainCalls++;
        number = chain.code[at + RuleCode.ARGUMENT];
        chain = chains[number];
        counts = states[number];
        counts.entered();
        place = 0;
        at = 0;
        walk = NOT_STARTED;
      } else if (action == RuleCode.RETURN) {
        if (depth == bottom) {
          return policy(base, packet);
        }
        String left = chain.written.name();
        int frame = --depth * WORDS_OF_FRAME;
        number = stack[frame];
        chain = chains[number];
        counts = states[number];
        place = stack[frame + 1] + 1;
        at = stack[frame + 2];
        at += chain.code[at + RuleCode.LENGTH];
        walk = stack[frame + 3];
        if (trace.isOn()) {
          trace.add(new TableEvent.Returned(program.name(), left, chain.written.name()));
        }
      } else {
        return verdict(action);
      }
    }
  }

  private static Verdict verdict(int action) {
    return switch (action) {
      case RuleCode.ACCEPT -> Verdict.ACCEPT;
      case RuleCode.DROP -> Verdict.DROP;
      default -> Verdict.QUEUE;
    };
  }

  private static Verdict verdict(TargetResult result) {
    return switch (result) {
      case ACCEPT -> Verdict.ACCEPT;
      case DROP -> Verdict.DROP;
      case STOLEN -> Verdict.STOLEN;
      case QUEUE -> Verdict.QUEUE;
      case QUEUE_BYPASS -> Verdict.QUEUE_BYPASS;
      case CONTINUE -> throw new IllegalArgumentException("CONTINUE is no verdict");
    };
  }

  private void push(int chain, int place, int at, int walk) {
    int frame = depth++ * WORDS_OF_FRAME;
    if (frame == stack.length) {
      stack = Arrays.copyOf(stack, 2 * frame);
    }
    stack[frame] = chain;
    stack[frame + 1] = place;
    stack[frame + 2] = at;
    stack[frame + 3] = walk;
  }

  /** Notes that the walk of a chain ended at a rule, the last that was evaluated. */
  private void endAtRule(int number, int place, int walk) {
    states[number].ended(place);
    rulesEvaluated++;
    end(chains[number], place, walk);
  }

  /** Notes that a chain was left, all rules before a place having been evaluated. */
  private void end(ChainProgram chain, int place, int walk) {
    rulesEvaluated += place;
    if (walk != NOT_STARTED) {
      passedCalls += chain.index.callsPassedOver(cursors, walk, place);
      cursors.top = walk;
    }
  }

  private Verdict policy(int base, Packet packet) {
    work.add(POLICY);
    states[base].policy(packet.length());
    Chain written = chains[base].written;
    Policy policy = written.policy().orElse(Policy.ACCEPT);
    if (trace.isOn()) {
      trace.add(new TableEvent.PolicyApplied(program.name(), written.name(), policy));
    }
    return policy == Policy.ACCEPT ? Verdict.ACCEPT : Verdict.DROP;
  }

  private void tellWork() {
    work.add(RULE_EVALUATED, rulesEvaluated - rulesTold);
    work.add(RULE_MATCHED, matched);
    work.add(MATCH_CALL, passedCalls + tester.takeCalls());
    work.add(TARGET_CALL, targetCalls);
    work.add(CHAIN_CALL, chainCalls);
    work.add(IMPLICIT_RETURN, implicitReturns);
    rulesTold = rulesEvaluated;
    matched = 0;
    passedCalls = 0;
    targetCalls = 0;
    chainCalls = 0;
    implicitReturns = 0;
  }

  private void tracePassedOver(ChainProgram chain, int from, int to) {
    for (int place = from; place < to; place++) {
      traceEvaluated(chain, place, false);
    }
  }

  private void traceEvaluated(ChainProgram chain, int place, boolean holds) {
    Chain written = chain.written;
    trace.add(
        new TableEvent.Evaluated(
            program.name(), written.name(), place + 1, written.rules().get(place), holds));
  }

  @Override
  public long rulesEvaluated() {
    return rulesEvaluated;
  }

  @Override
  public Counters matched(int chain, int rule) {
    return states[chain].matched(rule);
  }

  @Override
  public long[] evaluated(int chain) {
    return states[chain].evaluated();
  }

  @Override
  public Counters policy(int chain) {
    return states[chain].policy();
  }

  @Override
  public long endReached(int chain) {
    return states[chain].endReached();
  }

  @Override
  public void addCounters(TableWalker other) {
    CompiledWalker walker = (CompiledWalker) other;
    rulesEvaluated += walker.rulesEvaluated;
    rulesTold += walker.rulesEvaluated;
    for (int i = 0; i < states.length; i++) {
      states[i].add(walker.states[i]);
    }
  }
}
