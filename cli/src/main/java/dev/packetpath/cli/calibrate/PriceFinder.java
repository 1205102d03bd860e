package dev.packetpath.cli.calibrate;

import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** Prices the operations of packets from what the packets and connections of a plan took. */
final class PriceFinder {
  private static final Set<String> HOOKS = ImmutableSet.of("hookCall", "policy");
  private static final Set<String> TRACKING =
      ImmutableSet.of(
          "conntrackDefragment", "conntrackLookup", "conntrackEntryCompared", "conntrackUpdate");
  private static final Set<String> NEW_ENTRY =
      ImmutableSet.of("conntrackAllocate", "conntrackInsert");
  private static final Set<String> NAT_SET_UP =
      ImmutableSet.of("natSetUp", "natPortProbe", "natSourceInsert", "natSourceLookup");

  private final Measurements measured;
  private final PriceSheet sheet;

  private PriceFinder(Measurements measured, BaseFigures base) {
    this.measured = measured;
    this.sheet = new PriceSheet(base);
  }

  /** Returns the prices; those that noise hides are the other profile's. */
  static PriceSheet find(Measurements measured, BaseFigures base) throws IOException {
    PriceFinder finder = new PriceFinder(measured, base);
    finder.rules();
    finder.connectionTracking();
    finder.nftables();
    finder.asInConnections();
    return finder.sheet;
  }

  private void rules() throws IOException {
    sheet.price(
        Set.of("routeLookup"),
        measured.packetNs(PacketCases.ROUTED.name())
            - measured.packetNs(PacketCases.CONNECTED.name()),
        Map.of("routeLookup", 1),
        "packets of a socket less those of a connected one");
    price(HOOKS, PacketCases.HOOKS, PacketCases.ROUTED);
    price(Set.of("ruleEvaluated"), PacketCases.RULE, PacketCases.RAW);
    price(Set.of("matchCall"), PacketCases.MATCH, PacketCases.RAW);
    price(Set.of("ruleMatched"), PacketCases.MATCHED, PacketCases.RAW);
    price(Set.of("targetCall"), PacketCases.TARGET, PacketCases.RAW);
    price(Set.of("chainCall", "implicitReturn"), PacketCases.CHAIN, PacketCases.RAW);
    price(Set.of("setLookup", "setProbe"), PacketCases.SET, PacketCases.RAW);
  }

  private void connectionTracking() throws IOException {
    price(TRACKING, PacketCases.TRACKED_SAME, PacketCases.HOOKS);
    price(NEW_ENTRY, PacketCases.TRACKED_NEW, PacketCases.TRACKED_SAME);
    price(NAT_SET_UP, PacketCases.NAT_NEW, PacketCases.TRACKED_NEW);
    price(Set.of("natRewrite"), PacketCases.SNAT_SAME, PacketCases.NAT_SAME);
  }

  private void nftables() {
    if (!measured.packets().containsKey(PacketCases.NFT.name())) {
      return;
    }
    double none = measured.packetNs(PacketCases.NFT.name());
    sheet.price(
        Set.of("nftRuleEvaluated"),
        measured.packetNs(PacketCases.NFT_RULE.name()) - none,
        Map.of("nftRuleEvaluated", PacketCases.TIMES),
        PacketCases.NFT_RULE.name());
    sheet.price(
        Set.of("nftMapLookup"),
        measured.packetNs(PacketCases.NFT_MAP.name()) - none,
        Map.of("nftRuleEvaluated", PacketCases.TIMES, "nftMapLookup", PacketCases.TIMES),
        PacketCases.NFT_MAP.name());
    sheet.price(
        Set.of("nftSetLookup"),
        sheet.ns("nftMapLookup"),
        Map.of("nftSetLookup", 1),
        "as a look-up in a map");
  }

  private void price(Set<String> operations, PacketCase more, PacketCase than) throws IOException {
    sheet.price(
        operations,
        measured.packetNs(more.name()) - measured.packetNs(than.name()),
        WorkMore.of(PacketWork.of(more), PacketWork.of(than)),
        "packets: " + more.name() + ", less " + than.name());
  }

  private void asInConnections() throws IOException {
    scale(HOOKS, ConnectionCases.TABLES, ConnectionCases.DIRECT);
    scale(
        ImmutableSet.<String>builder().addAll(TRACKING).addAll(NEW_ENTRY).build(),
        ConnectionCases.TRACKED,
        ConnectionCases.TABLES);
    scale(NAT_SET_UP, ConnectionCases.NAT, ConnectionCases.TRACKED);
  }

  private void scale(Set<String> operations, ConnectionCase more, ConnectionCase than)
      throws IOException {
    sheet.scale(
        operations,
        measured.connectNs(more.name()) - measured.connectNs(than.name()),
        WorkMore.of(
            ConnectionWork.through(more.ruleset()).work(),
            ConnectionWork.through(than.ruleset()).work()));
  }
}
