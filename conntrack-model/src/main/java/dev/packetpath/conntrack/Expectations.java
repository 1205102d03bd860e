package dev.packetpath.conntrack;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.VirtualClock;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The connections that helpers wait for, and those that came (net/netfilter/nf_conntrack_expect.c
 * and nf_conntrack_helper.c, Linux 6.1). An expectation serves once.
 */
public final class Expectations {
  private record Waiting(Expectation expectation, long untilNs) {}

  private final VirtualClock clock;
  private final Map<String, ConntrackHelper> helpers = new TreeMap<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final IdentityHashMap<Connection, Expectation> fulfilled = new IdentityHashMap<>();

  Expectations(VirtualClock clock) {
    this.clock = clock;
    register(new FtpHelper());
  }

  /** Makes a helper known by its name; an earlier one of that name is not known any more. */
  public void register(ConntrackHelper helper) {
    helpers.put(helper.name(), helper);
  }

  /**
   * Returns the helper that reads a connection; absent if none of its name and protocol is known.
   */
  Optional<ConntrackHelper> helperOf(Connection connection) {
    ConntrackHelper helper = helpers.get(connection.helper());
    return helper == null || helper.protocol() != connection.protocol()
        ? Optional.empty()
        : Optional.of(helper);
  }

  /**
   * Waits for a connection (nf_ct_expect_related). Of one master that waits for as many as its
   * helper lets it, the oldest gives way.
   *
   * @return false if another connection's expectation is for the same
   */
  public boolean add(Expectation expectation) {
    forgetWhatIsOver();
    Connection master = expectation.master();
    waiting.removeIf(
        other ->
            other.expectation().master() == master && other.expectation().clashesWith(expectation));
    if (waiting.stream().anyMatch(other -> other.expectation().clashesWith(expectation))) {
      return false;
    }
    ConntrackHelper helper = helpers.get(master.helper());
    long timeoutSeconds = helper == null ? 0 : helper.timeoutSeconds();
    int most = helper == null ? 0 : helper.maxExpected();
    List<Waiting> ofMaster =
        waiting.stream().filter(one -> one.expectation().master() == master).toList();
    if (ofMaster.size() >= most && !ofMaster.isEmpty()) {
      waiting.remove(ofMaster.get(0));
    }
    waiting.add(
        new Waiting(expectation, clock.nowNs() + timeoutSeconds * VirtualClock.NS_PER_SECOND));
    return true;
  }

  /** Returns what is waited for, the oldest first. */
  public ImmutableList<Expectation> waiting() {
    forgetWhatIsOver();
    return waiting.stream().map(Waiting::expectation).collect(ImmutableList.toImmutableList());
  }

  /** Returns what is waited for as {@code conntrack -L expect} lists it, the oldest first. */
  public ImmutableList<ExpectationEntry> entries() {
    forgetWhatIsOver();
    return waiting.stream()
        .map(
            one -> {
              Expectation expectation = one.expectation();
              Connection master = expectation.master();
              return new ExpectationEntry(
                  (one.untilNs() - clock.nowNs()) / VirtualClock.NS_PER_SECOND,
                  Tuple.of(
                      master.protocol(),
                      expectation.source(),
                      0,
                      expectation.destination(),
                      expectation.destinationPort()),
                  master.original(),
                  master.zone(),
                  master.helper());
            })
        .collect(ImmutableList.toImmutableList());
  }

  /** Waits for what a master's announcement was written down as. */
  void load(ExpectationEntry entry, Connection master) {
    Tuple tuple = entry.tuple();
    Direction direction =
        tuple.source().equals(master.original().source()) ? Direction.ORIGINAL : Direction.REPLY;
    waiting.add(
        new Waiting(
            new Expectation(
                tuple.source(),
                tuple.destination(),
                tuple.destinationPort(),
                master,
                direction,
                tuple.destinationPort()),
            clock.nowNs() + entry.remainingSeconds() * VirtualClock.NS_PER_SECOND));
  }

  /** Returns the whole seconds for which an expectation is still waited for, 0 if it is not. */
  public long remainingSeconds(Expectation expectation) {
    return waiting.stream()
        .filter(one -> one.expectation().equals(expectation))
        .mapToLong(one -> Math.max(0, one.untilNs() - clock.nowNs()) / VirtualClock.NS_PER_SECOND)
        .findFirst()
        .orElse(0);
  }

  /** Returns whether any connection is expected. */
  boolean areWaiting() {
    return !waiting.isEmpty();
  }

  /** Takes out what a new connection fulfils, and makes the connection an expected one. */
  void fulfil(Connection connection) {
    if (waiting.isEmpty()) {
      return;
    }
    forgetWhatIsOver();
    Tuple original = connection.original();
    for (Waiting one : waiting) {
      Expectation expectation = one.expectation();
      Connection master = expectation.master();
      if (expectation.isOf(original) && master.zone() == connection.zone()) {
        waiting.remove(one);
        connection.set(ConnectionStatus.EXPECTED);
        connection.mark(master.mark());
        connection.masterHelper(master.helper());
        fulfilled.put(connection, expectation);
        return;
      }
    }
  }

  /** Returns what a connection fulfilled, {@link Expectation#NONE} for nothing. */
  Expectation fulfilledBy(Connection connection) {
    return fulfilled.getOrDefault(connection, Expectation.NONE);
  }

  /** Forgets what a connection that left the table announced, and what announced it. */
  void removed(Connection connection) {
    if (connection.hasAny(ConnectionStatus.HELPER)) {
      waiting.removeIf(one -> one.expectation().master() == connection);
      helperOf(connection).ifPresent(helper -> helper.forget(connection));
    }
    fulfilled.remove(connection);
  }

  private void forgetWhatIsOver() {
    waiting.removeIf(one -> one.untilNs() <= clock.nowNs());
  }
}
