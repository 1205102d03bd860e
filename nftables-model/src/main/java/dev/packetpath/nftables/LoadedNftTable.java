package dev.packetpath.nftables;

import dev.packetpath.conntrack.ManipType;
import dev.packetpath.conntrack.Nat;
import dev.packetpath.conntrack.NatRange;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Operation;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.RejectedChecksum;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.IcmpError;
import dev.packetpath.core.packet.Packet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A table in use: turns its rules into what they do. Belongs to the host's thread. */
final class LoadedNftTable {
  private static final Operation MAP_LOOKUP = Operation.named("nftMapLookup");
  private static final Operation SET_LOOKUP = Operation.named("nftSetLookup");

  private final Host host;
  private final Optional<Nat> nat;
  private final IpFamily family;
  private final Map<String, LoadedChain> chains = new HashMap<>();
  private final Map<String, LoadedSet> sets = new HashMap<>();
  private long site;

  /** Creates a table with empty chains and without sets. */
  LoadedNftTable(IpFamily family, Iterable<String> chainNames, Host host, Optional<Nat> nat) {
    this.host = host;
    this.nat = nat;
    this.family = family;
    for (String name : chainNames) {
      chains.put(name, new LoadedChain());
    }
  }

  /**
   * Adds a set or map, whose verdicts name chains of the table.
   *
   * @throws NftJsonException if there is no such chain, or the model does not know a key or its
   *     type
   */
  void add(NftSet set) {
    sets.put(set.name(), new LoadedSet(set, host.clock(), this::step));
  }

  /**
   * Adds a rule at the end of a chain.
   *
   * @throws NftJsonException if it names a chain or set that the table does not have, or something
   *     that the model does not know
   */
  void add(String chain, NftRule rule) {
    chain(chain).add(rule.statements().stream().map(this::action).toList());
  }

  LoadedChain chain(String name) {
    LoadedChain chain = chains.get(name);
    if (chain == null) {
      throw new NftJsonException("chain \"" + name + "\"", "a chain of the table");
    }
    return chain;
  }

  private LoadedSet set(String name) {
    LoadedSet set = sets.get(name);
    if (set == null) {
      throw new NftJsonException("set \"" + name + "\"", "a set of the table");
    }
    return set;
  }

  private ChainStep step(ChainVerdict verdict) {
    if (verdict instanceof ChainVerdict.Jump jump) {
      return new ChainStep.To(chain(jump.chain()), true);
    }
    if (verdict instanceof ChainVerdict.GoTo goTo) {
      return new ChainStep.To(chain(goTo.chain()), false);
    }
    if (verdict instanceof ChainVerdict.Return) {
      return ChainStep.RETURN;
    }
    return new ChainStep.End(
        verdict instanceof ChainVerdict.Accept ? Verdict.ACCEPT : Verdict.DROP);
  }

  /** Returns the reader of a field; each gets room for its draws. */
  private Field field(Expression expression) {
    site += 1L << 32;
    return Field.of(expression, host, site);
  }

  private LoadedChain.Action action(Statement statement) {
    if (statement instanceof Statement.Match match) {
      return match(match);
    }
    if (statement instanceof Statement.VerdictByMap byMap) {
      LoadedSet map = set(byMap.map());
      return lookup(field(byMap.key()), map);
    }
    if (statement instanceof Statement.VerdictByCase byCase) {
      LoadedSet map = new LoadedSet(byCase.cases(), byCase.key(), host.clock(), this::step);
      return lookup(field(byCase.key()), map);
    }
    if (statement instanceof Statement.Conclude conclude) {
      ChainStep step = step(conclude.verdict());
      return (packet, state) -> step;
    }
    if (statement instanceof Statement.Reject) {
      return this::reject;
    }
    if (statement instanceof Statement.SetMark mark) {
      return (packet, state) -> setMark(mark, packet);
    }
    if (statement instanceof Statement.Masquerade masquerade) {
      NatRange range = NatRange.builder().randomFully(masquerade.fullyRandom()).build();
      return (packet, state) -> new ChainStep.End(nat().masquerade(packet, range, state.out()));
    }
    if (statement instanceof Statement.Dnat dnat) {
      if (dnat.address().family() != family) {
        throw new NftJsonException(
            "dnat to " + dnat.address(), "an address of " + NftTable.familyWord(family));
      }
      NatRange range =
          NatRange.builder()
              .addresses(dnat.address(), dnat.address())
              .ports(dnat.port(), dnat.port())
              .build();
      return (packet, state) ->
          new ChainStep.End(nat().setUp(packet, range, ManipType.DESTINATION));
    }
    return update((Statement.Update) statement);
  }

  private Nat nat() {
    return nat.orElseThrow(() -> new IllegalStateException("no address translation"));
  }

  private LoadedChain.Action match(Statement.Match match) {
    Field left = field(match.left());
    boolean expected = match.operator() != Statement.Comparison.NOT_EQUAL;
    Predicate<Object> right;
    if (match.right() instanceof Expression.InSet named) {
      LoadedSet set = set(named.set());
      right =
          value -> {
            host.work().add(SET_LOOKUP);
            return set.contains(value);
          };
    } else {
      right = Literals.test(match.right(), match.left());
    }
    return (packet, state) -> {
      Optional<Object> value = left.read(packet, state);
      return value.isPresent() && right.test(value.get()) == expected
          ? ChainStep.CONTINUE
          : ChainStep.BREAK;
    };
  }

  private LoadedChain.Action lookup(Field key, LoadedSet map) {
    return (packet, state) -> {
      Optional<Object> value = key.read(packet, state);
      if (value.isEmpty()) {
        return ChainStep.BREAK;
      }
      host.work().add(MAP_LOOKUP);
      return map.verdict(value.get()).orElse(ChainStep.BREAK);
    };
  }

  private ChainStep reject(Packet packet, HookState state) {
    if (!packet.isLaterFragment() && RejectedChecksum.holds(packet)) {
      host.sendIcmpError(packet, state.in(), IcmpError.portUnreachable(family), "reject");
    }
    return new ChainStep.End(Verdict.DROP);
  }

  private static ChainStep setMark(Statement.SetMark change, Packet packet) {
    int bits = (int) change.bits();
    packet.mark(
        switch (change.operator()) {
          case AND -> packet.mark() & bits;
          case OR -> packet.mark() | bits;
          case XOR -> packet.mark() ^ bits;
        });
    return ChainStep.CONTINUE;
  }

  private LoadedChain.Action update(Statement.Update update) {
    LoadedSet set = set(update.set());
    Field key = field(update.key());
    return (packet, state) -> {
      host.work().add(SET_LOOKUP);
      key.read(packet, state).ifPresent(set::update);
      return ChainStep.CONTINUE;
    };
  }
}
