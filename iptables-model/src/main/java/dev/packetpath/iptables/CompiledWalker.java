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
import java.util.List;
import java.util.Optional;

/**
 * Walks compiled chains: evaluates the rules that may match and counts those passed over without
 * looking at them. The answer, every counter, all work and every trace event are those of {@link
 * ReferenceWalker}.
 *
 * <p>{@link #walk} does not allocate, unless the trace is on or {@link FixedWalks} reads a walk.
 * Belongs to one thread. A target may send a packet that walks the same table before the first walk
 * ends; the walks share the stacks and the {@link ServiceWalk}.
 */
final class CompiledWalker implements TableWalker {
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
  private ChainVisits visits;
  private ServiceWalk services;
  private WalkTrace told;
  private LookAhead ahead;
  private int[] code;
  private int[] starts;
  private ChainIndex[] indexes;
  private MatchFunction[] functions;
  private TargetFunction[] targets;

  /** The verdict of each base chain's policy, by the place of the chain. */
  private Verdict[] policies;

  private final WalkStack stack = new WalkStack();
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
    work.askBeforeReading(
        () -> {
          fixed.tell();
          tally.tell(work);
        });
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
      int place = chain.chain();
      int entry = program.word(place, ChainCode.ENTRY);
      counters.carry(chain.before(), entry, program.word(place, ChainCode.COUNTERS));
    }
  }

  @Override
  public void compact(TableProgram compacted) {
    fixed.tell();
    counters = counters.moved(program, compacted);
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
    endpoints = new EndpointWalk(context, next, counters, tally);
    starts = next.starts();
    indexes = next.indexes();
    visits = new ChainVisits(code, indexes, cursors, counters, tally);
    services = new ServiceWalk(next, devices, tester, endpoints, cursors, visits, counters, tally);
    ahead = new LookAhead(code, indexes, cursors.ahead);
    functions = all.matches;
    targets = all.targets;
    FixedWalkReader reader = new FixedWalkReader(next, policies, RuleTester.of(context, devices));
    fixed = new FixedWalks(reader, counters, tally, recording, next.devices().size() > 0);
    counts = new CompiledCounts(next, counters, fixed, tally);
  }

  @Override
  public Verdict walk(int base, Packet packet, HookState state) {
    if (!trace.isOn()) {
      FixedWalk walk = fixed.of(base, packet, state);
      if (!walk.isOpen) {
        fixed.take(walk, packet.length());
        if (recording.isOn()) {
          recording.repeats(fixed.effectOf(walk));
        }
        return walk.verdict;
      }
      int cursorsBefore = cursors.top;
      FixedWalk beginning = fixed.beginning(base);
      fixed.take(beginning, packet.length());
      if (services.sends(beginning.chain, packet, state)) {
        return services.verdict();
      }
      return walkOn(beginning.chain, beginning.callers, base, cursorsBefore, packet, state);
    }
    told.entered(base);
    counters.entered(program.word(base, ChainCode.ENTRY));
    services.begin();
    long evaluatedBefore = tally.rulesEvaluated;
    Verdict verdict = walkOn(starts[base], new IntArrayList(), base, cursors.top, packet, state);
    told.left(base, verdict, tally.rulesEvaluated - evaluatedBefore);
    return verdict;
  }

  /**
   * Walks as {@link #walkFrom} does, and leaves the chains that the walk ends in.
   *
   * @param cursorsBefore the height of the cursors' stack before the walk
   */
  private Verdict walkOn(
      int start,
      IntArrayList callers,
      int base,
      int cursorsBefore,
      Packet packet,
      HookState state) {
    int bottom = stack.height();
    Verdict verdict = walkFrom(start, callers, base, bottom, packet, state);
    while (stack.height() > bottom) {
      stack.pop();
      visits.endAtRule(stack.chain(), stack.place(), stack.walk());
    }
    cursors.top = cursorsBefore;
    tally.matchCalls += tester.takeCalls();
    return verdict;
  }

  @Override
  public void lookAhead(int base, List<Packet> burst, int from, int end) {
    ahead.read(fixed.beginning(base).chain, burst, from, end);
  }

  @Override
  public long chainsReadAhead() {
    return ahead.chains();
  }

  @Override
  public Optional<PathEffect> effectOn(int base, Packet packet, HookState state) {
    return Optional.of(fixed.of(base, packet, state))
        .filter(FixedWalk::passes)
        .map(fixed::effectOf);
  }

  /**
   * Walks from a chain's start, or from where {@link ServiceWalk} came; goes on behind the first
   * rules of its callers, outermost first.
   */
  private Verdict walkFrom(
      int start, IntArrayList callers, int base, int bottom, Packet packet, HookState state) {
    int[] code = this.code;
    TableCounters counters = this.counters;
    int chain = start;
    int waiting = callers.size();
    int place = 0;
    int walk = services.walk();
    int chosen = services.chosen();
    if (services.jump() != ServiceWalk.NO_JUMP) {
      int rule = indexes[code[chain + ChainCode.PLACE]].start(services.jump());
      stack.push(chain, services.jump(), chain + rule, walk);
      chain = services.service();
      walk = IndexCursors.NOT_STARTED;
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
          if (walk == IndexCursors.NOT_STARTED) {
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
            int number =
                chosen == ServiceWalk.NOT_CHOSEN ? endpoints.choose(chain, choices) : chosen;
            chosen = ServiceWalk.NOT_CHOSEN;
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
        visits.end(chain, place, walk);
        tally.implicitReturns += stack.height() == bottom && waiting == 0 ? 0 : 1;
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
          visits.endAtRule(chain, place, walk);
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
            visits.endAtRule(chain, place, walk);
            return verdict;
          }
          TargetResult targetResult = targets[code[argument]].run(packet, state);
          if (targetResult != TargetResult.CONTINUE) {
            visits.endAtRule(chain, place, walk);
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
          stack.push(chain, place, at, walk);
        } else {
          visits.endAtRule(chain, place, walk);
        }
      }
      if (action == RuleCode.JUMP || action == RuleCode.GOTO) {
        chain = visits.enter(argument);
        place = 0;
        at = chain + ChainCode.RULES;
        walk = IndexCursors.NOT_STARTED;
      } else if (action == RuleCode.RETURN) {
        if (stack.height() == bottom && waiting > 0) {
          int caller = callers.getInt(--waiting);
          stack.push(caller, 0, caller + ChainCode.RULES, IndexCursors.NOT_STARTED);
          tally.rulesEvaluated--; // counted with the beginning, and once more when it is left
        }
        if (stack.height() == bottom) {
          return policy(base, packet);
        }
        int left = chain;
        stack.pop();
        chain = stack.chain();
        place = stack.place();
        counters.wentOn(code[chain + ChainCode.COUNTERS], place++);
        at = stack.rule() + code[stack.rule() + RuleCode.LENGTH];
        walk = stack.walk();
        if (trace.isOn()) {
          told.returned(code[left + ChainCode.PLACE], code[chain + ChainCode.PLACE]);
        }
      } else {
        return RuleCode.verdict(action);
      }
    }
  }

  private Verdict policy(int base, Packet packet) {
    tally.policies++;
    int size = program.word(base, ChainCode.SIZE);
    counters.policy(program.word(base, ChainCode.COUNTERS), size, packet.length());
    if (trace.isOn()) {
      told.policyApplied(base);
    }
    return policies[base];
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
