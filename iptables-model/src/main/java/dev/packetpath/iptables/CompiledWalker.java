package dev.packetpath.iptables;

import dev.packetpath.conntrack.Tuple;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Trace;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.Work;
import dev.packetpath.core.host.PathEffect;
import dev.packetpath.core.host.PathRecording;
import dev.packetpath.core.packet.Packet;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.Optional;

/**
 * Walks compiled chains: evaluates the rules that may match and counts those passed over without
 * looking at them. The answer, every counter, all work and every trace event are those of {@link
 * ReferenceWalker}.
 *
 * <p>{@link #walk} does not allocate, unless the trace is on or {@link FixedWalks} reads a walk.
 * Belongs to one thread. A target may send a packet that walks the same table before the first walk
 * ends; the walks share the stacks.
 */
final class CompiledWalker implements TableWalker {
  /** The cursors of a chain whose index was not asked yet. */
  private static final int NOT_STARTED = -1;

  private static final int WORDS_OF_FRAME = 4;
  private static final IntArrayList NO_CALLERS = new IntArrayList();

  private final LoadContext context;
  private final Trace trace;
  private final PathRecording recording;
  private final IndexCursors cursors = new IndexCursors();
  private TableCounters counters;
  private TableFunctions all;
  private TableProgram program;
  private DeviceViews devices;
  private RuleTester tester;
  private EndpointWalk endpoints;
  private WalkTrace told;
  private int[] code;
  private int[] starts;
  private ChainIndex[] indexes;
  private MatchFunction[] functions;
  private TargetFunction[] targets;

  /** The verdict of each base chain's policy, by the place of the chain. */
  private Verdict[] policies;

  /** For each jump where the chain starts, the place of the rule, where it starts, the cursors. */
  private int[] stack = new int[8 * WORDS_OF_FRAME];

  private int depth;
  private final WalkTally tally = new WalkTally();
  private FixedWalks fixed;
  private TableCounts counts;

  CompiledWalker(TableProgram program, LoadContext context) {
    this.context = context;
    this.trace = context.host().trace();
    this.recording = context.host().recording();
    this.counters = new TableCounters(program.counters(), program.entries());
    this.all = TableFunctions.of(program, context);
    this.policies = program.policies();
    walkFromNowOn(program);
    Work work = context.host().work();
    work.askBeforeReading(() -> tell(work));
  }

  private void tell(Work work) {
    fixed.tell();
    tally.tell(work);
  }

  @Override
  public void update(TableProgram updated, ProgramUpdate change, TableFunctions made) {
    fixed.tell();
    if (change.chains().stream().anyMatch(place -> updated.chains().get(place).isBase())) {
      policies = updated.policies();
    }
    counters.grow(updated.counters(), updated.entries());
    all.addLast(made, updated.functions(), updated.targets());
    walkFromNowOn(updated);
    for (ProgramUpdate.Recounted chain : change.recounted()) {
      counters.carry(chain.before(), entry(chain.chain()), counters(chain.chain()));
    }
  }

  @Override
  public void compact(TableProgram compacted) {
    fixed.tell();
    TableCounters moved = new TableCounters(compacted.counters(), compacted.entries());
    for (int place = 0; place < compacted.chains().size(); place++) {
      int start = compacted.starts()[place];
      int length = TableCounters.lengthOf(compacted.chains().get(place));
      int own = compacted.code()[start + ChainCode.COUNTERS];
      moved.takeChain(counters, counters(place), own, length, entry(place));
    }
    for (int place = 0; place < compacted.chains().size(); place++) {
      int own = compacted.code()[compacted.starts()[place] + ChainCode.ENTRY];
      moved.takeEntry(counters, entry(place), own);
    }
    counters = moved;
    all = all.inOrderOf(compacted, program);
    walkFromNowOn(compacted);
  }

  private void walkFromNowOn(TableProgram next) {
    recording.forget();
    program = next;
    devices = new DeviceViews(next.devices());
    tester = RuleTester.of(context, devices);
    told = new WalkTrace(trace, next);
    code = next.code();
    endpoints = new EndpointWalk(context, code, counters, tally);
    starts = next.starts();
    indexes = next.indexes();
    functions = all.matches;
    targets = all.targets;
    FixedWalkReader reader = new FixedWalkReader(next, policies, RuleTester.of(context, devices));
    fixed = new FixedWalks(reader, counters, tally, recording, next.devices().size() > 0);
    counts = new CompiledCounts(next, counters, fixed, tally);
  }

  @Override
  public Verdict walk(int base, Packet packet, HookState state) {
    boolean traced = trace.isOn();
    if (!traced) {
      FixedWalk walk = fixed.of(base, packet, state);
      if (!walk.isOpen) {
        fixed.take(walk, packet.length());
        if (recording.isOn()) {
          recording.repeats(fixed.effectOf(walk));
        }
        return walk.verdict;
      }
    }
    int bottom = depth;
    int cursorsBefore = cursors.top;
    long evaluatedBefore = tally.rulesEvaluated;
    Verdict verdict;
    if (traced) {
      told.entered(base);
      counters.entered(entry(base));
      verdict = walkFrom(starts[base], NO_CALLERS, base, bottom, packet, state);
    } else {
      FixedWalk beginning = fixed.beginning(base);
      fixed.take(beginning, packet.length());
      verdict = walkFrom(beginning.chain, beginning.callers, base, bottom, packet, state);
    }
    while (depth > bottom) {
      depth--;
      int frame = depth * WORDS_OF_FRAME;
      endAtRule(stack[frame], stack[frame + 1], stack[frame + 3]);
    }
    cursors.top = cursorsBefore;
    tally.matchCalls += tester.takeCalls();
    if (traced) {
      told.left(base, verdict, tally.rulesEvaluated - evaluatedBefore);
    }
    return verdict;
  }

  @Override
  public Optional<PathEffect> effectOn(int base, Packet packet, HookState state) {
    return Optional.of(fixed.of(base, packet, state))
        .filter(FixedWalk::passes)
        .map(fixed::effectOf);
  }

  /**
   * Walks from a chain's start; goes on behind the first rules of its callers, outermost first.
   *
   * <p>What precedes the loop is what it would do with most new connections: in a chain of Services
   * the index finds the jump to the only one, and there the first rule is not about the packet.
   * That takes 250 instructions less of 5,000 than in the loop, which has more to keep at hand.
   */
  private Verdict walkFrom(
      int start, IntArrayList callers, int base, int bottom, Packet packet, HookState state) {
    int[] code = this.code;
    TableCounters counters = this.counters;
    int chain = start;
    int waiting = callers.size();
    int place = 0;
    int walk = NOT_STARTED;
    if (!trace.isOn() && ChainCode.beginsWithIndex(code, chain) && !packet.lacksProtocol()) {
      ChainIndex index = indexes[code[chain + ChainCode.PLACE]];
      walk = index.start(cursors, packet, state, devices);
      int jump = cursors.first;
      int outcome = chain + index.outcome(jump);
      if (cursors.matchCalls != IndexCursors.TO_BE_TESTED
          && OutcomeCode.action(code[outcome]) == RuleCode.JUMP) {
        tally.matchCalls += cursors.matchCalls;
        tally.matched++;
        counters.matched(code[chain + ChainCode.COUNTERS], jump, packet.length());
        push(chain, jump, chain + index.start(jump), walk);
        chain = enter(outcome);
        walk = NOT_STARTED;
      }
    }
    int at = chain + ChainCode.RULES;
    if (!trace.isOn()) {
      while (place < code[chain + ChainCode.PLAIN] && tester.fails(code, at, packet, state)) {
        at += code[at + RuleCode.LENGTH];
        place++;
      }
    }
    while (true) {
      boolean isSure = false;
      int action = RuleCode.CONTINUE;
      int argument = RuleCode.NO_ARGUMENT;
      if (place >= code[chain + ChainCode.PLAIN] && place < code[chain + ChainCode.SIZE]) {
        if (code[chain + ChainCode.CHOICES] == 0 && !packet.lacksProtocol()) {
          ChainIndex index = indexes[code[chain + ChainCode.PLACE]];
          if (walk == NOT_STARTED) {
            walk = index.start(cursors, packet, state, devices);
          }
          int next = index.next(cursors, walk, place);
          if (trace.isOn()) {
            told.passedOver(code[chain + ChainCode.PLACE], place, next);
          }
          place = next;
          at = chain + index.start(place);
          if (cursors.matchCalls != IndexCursors.TO_BE_TESTED) {
            isSure = true;
            tally.matchCalls += cursors.matchCalls;
            argument = chain + index.outcome(place);
            action = OutcomeCode.action(code[argument]);
          }
        } else if (code[chain + ChainCode.CHOICES] != 0 && place == code[chain + ChainCode.PLAIN]) {
          int choices = at;
          at += code[chain + ChainCode.CHOICES];
          if (!trace.isOn()) {
            int number = endpoints.choose(chain, choices);
            place += number;
            isSure = number < ChoiceCode.size(code[choices]);
            if (isSure && endpoints.sends(choices, number, packet)) {
              return endpoints.take(chain, place, choices, number, packet);
            }
            at = ChainCode.behind(code, at, number);
          }
        }
      }
      if (place == code[chain + ChainCode.SIZE]) {
        action = RuleCode.RETURN;
        end(chain, place, walk);
        tally.implicitReturns += depth == bottom && waiting == 0 ? 0 : 1;
      } else {
        int result =
            isSure ? RuleTester.YES : tester.test(code, functions, chain, at, place, packet, state);
        if (trace.isOn()) {
          told.evaluated(code[chain + ChainCode.PLACE], place, result == RuleTester.YES);
        }
        if (result == RuleTester.NO) {
          at += code[at + RuleCode.LENGTH];
          place++;
          continue;
        }
        if (result == RuleTester.DROP) {
          counters.endedUnmatched(code[chain + ChainCode.COUNTERS], place);
          endAtRule(chain, place, walk);
          return Verdict.DROP;
        }
        tally.matched++;
        counters.matched(code[chain + ChainCode.COUNTERS], place, packet.length());
        if (argument == RuleCode.NO_ARGUMENT) {
          argument = at + RuleCode.ARGUMENT;
          action = RuleCode.action(code[at]);
        }
        if (action == RuleCode.TARGET) {
          tally.targetCalls++;
          if ((code[at] & RuleCode.SENDS) != 0
              && Tuple.hasPorts(packet.protocol())
              && !trace.isOn()) {
            Verdict verdict = endpoints.send(at + code[at + RuleCode.LENGTH], packet);
            endAtRule(chain, place, walk);
            return verdict;
          }
          TargetResult targetResult = targets[code[argument]].run(packet, state);
          if (targetResult != TargetResult.CONTINUE) {
            endAtRule(chain, place, walk);
            return targetResult.verdict();
          }
          action = RuleCode.CONTINUE;
        }
        if (action == RuleCode.CONTINUE) {
          counters.wentOn(code[chain + ChainCode.COUNTERS], place);
          at += code[at + RuleCode.LENGTH];
          place++;
          continue;
        }
        if (action == RuleCode.JUMP) {
          push(chain, place, at, walk);
        } else {
          endAtRule(chain, place, walk);
        }
      }
      if (action == RuleCode.JUMP || action == RuleCode.GOTO) {
        chain = enter(argument);
        place = 0;
        at = chain + ChainCode.RULES;
        walk = NOT_STARTED;
      } else if (action == RuleCode.RETURN) {
        if (depth == bottom && waiting > 0) {
          int caller = callers.getInt(--waiting);
          push(caller, 0, caller + ChainCode.RULES, NOT_STARTED);
          tally.rulesEvaluated--; // counted with the beginning, and once more when it is left
        }
        if (depth == bottom) {
          return policy(base, packet);
        }
        int left = chain;
        int frame = --depth * WORDS_OF_FRAME;
        chain = stack[frame];
        place = stack[frame + 1];
        counters.wentOn(code[chain + ChainCode.COUNTERS], place++);
        at = stack[frame + 2] + code[stack[frame + 2] + RuleCode.LENGTH];
        walk = stack[frame + 3];
        if (trace.isOn()) {
          told.returned(code[left + ChainCode.PLACE], code[chain + ChainCode.PLACE]);
        }
      } else {
        return RuleCode.verdict(action);
      }
    }
  }

  /** Enters the chain that a rule calls; returns where it starts. */
  private int enter(int argument) {
    tally.chainCalls++;
    int chain = ChainCode.called(code, argument);
    if (code[chain + ChainCode.ENTRY] >= 0) {
      counters.entered(code[chain + ChainCode.ENTRY]);
    }
    return chain;
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
  private void endAtRule(int chain, int place, int walk) {
    tally.rulesEvaluated++;
    end(chain, place, walk);
  }

  /** Notes that a chain was left, all rules before a place having been evaluated. */
  private void end(int chain, int place, int walk) {
    tally.rulesEvaluated += place;
    if (walk != NOT_STARTED) {
      ChainIndex index = indexes[code[chain + ChainCode.PLACE]];
      tally.matchCalls += index.callsPassedOver(cursors, walk, place);
      cursors.top = walk;
    }
  }

  private Verdict policy(int base, Packet packet) {
    tally.policies++;
    counters.policy(counters(base), size(base), packet.length());
    if (trace.isOn()) {
      told.policyApplied(base);
    }
    return policies[base];
  }

  private int counters(int number) {
    return code[starts[number] + ChainCode.COUNTERS];
  }

  private int entry(int number) {
    return code[starts[number] + ChainCode.ENTRY];
  }

  private int size(int number) {
    return code[starts[number] + ChainCode.SIZE];
  }

  @Override
  public TableCounts counts() {
    return counts;
  }

  @Override
  public void addCounters(TableWalker other) {
    CompiledWalker walker = (CompiledWalker) other;
    fixed.tell();
    walker.fixed.tell();
    tally.addRules(walker.tally.rulesEvaluated);
    counters.add(walker.counters);
  }
}
