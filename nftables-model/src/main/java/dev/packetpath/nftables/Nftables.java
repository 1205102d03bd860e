package dev.packetpath.nftables;

import com.google.common.collect.ImmutableList;
import dev.packetpath.conntrack.Nat;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Operation;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The tables of nftables in a host, on its hooks. Belongs to the host's thread.
 *
 * <p>Source: net/netfilter/nf_tables_core.c, nft_do_chain, Linux 6.1.
 */
public final class Nftables {
  private static final Operation RULE_EVALUATED = Operation.named("nftRuleEvaluated");

  private final Host host;
  private long rulesEvaluated;

  private Nftables(Host host) {
    this.host = host;
  }

  /**
   * Loads tables into a host and registers their base chains on its hooks.
   *
   * @param host the host
   * @param tables the tables
   * @param nat the host's address translation; without it base chains of type nat are never walked
   * @throws IllegalArgumentException if a rule names a chain or set that does not exist, or
   *     something that is not modelled
   */
  public static Nftables attach(Host host, ImmutableList<NftTable> tables, Optional<Nat> nat) {
    Nftables nftables = new Nftables(host);
    for (NftTable table : tables) {
      try {
        nftables.load(table, nat);
      } catch (NftJsonException e) {
        throw new IllegalArgumentException("table " + table.name() + ": " + e.getMessage(), e);
      }
    }
    return nftables;
  }

  private void load(NftTable table, Optional<Nat> nat) {
    LoadedNftTable loaded =
        new LoadedNftTable(
            table.family(), table.chains().stream().map(NftChain::name).toList(), host, nat);
    for (NftSet set : table.sets()) {
      loaded.add(set);
    }
    for (NftChain chain : table.chains()) {
      for (NftRule rule : chain.rules().get()) {
        loaded.add(chain.name(), rule);
      }
    }
    hang(table, loaded, nat);
  }

  private void hang(NftTable table, LoadedNftTable loaded, Optional<Nat> nat) {
    for (NftChain chain : table.chains()) {
      if (chain.base().isEmpty()) {
        continue;
      }
      NftChain.Base base = chain.base().get();
      LoadedChain start = loaded.chain(chain.name());
      if (base.type().equals("nat")) {
        nat.ifPresent(
            translation ->
                translation.registerChain(
                    table.family(),
                    base.hook(),
                    base.priority(),
                    (packet, state) -> walk(start, packet, state)));
      } else {
        host.hooks()
            .register(
                table.family(),
                base.hook(),
                base.priority(),
                "nft " + table.name() + " " + chain.name(),
                (packet, state) -> walk(start, packet, state));
      }
    }
  }

  /** Returns how many rules were evaluated so far. */
  public long rulesEvaluated() {
    return rulesEvaluated;
  }

  private record Frame(LoadedChain chain, int next) {}

  private Verdict walk(LoadedChain start, Packet packet, HookState state) {
    Deque<Frame> jumps = new ArrayDeque<>();
    LoadedChain chain = start;
    int rule = 0;
    while (true) {
      if (rule == chain.size()) {
        if (jumps.isEmpty()) {
          return Verdict.ACCEPT;
        }
        Frame back = jumps.pop();
        chain = back.chain();
        rule = back.next();
        continue;
      }
      rulesEvaluated++;
      host.work().add(RULE_EVALUATED);
      ChainStep step = chain.run(rule, packet, state);
      rule++;
      if (step instanceof ChainStep.End end) {
        return end.verdict();
      }
      if (step instanceof ChainStep.To to) {
        if (to.comesBack()) {
          jumps.push(new Frame(chain, rule));
        }
        chain = to.chain();
        rule = 0;
      } else if (step instanceof ChainStep.Return) {
        rule = chain.size();
      }
    }
  }
}
