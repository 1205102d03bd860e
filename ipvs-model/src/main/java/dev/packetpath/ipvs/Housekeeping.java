package dev.packetpath.ipvs;

import dev.packetpath.core.VirtualClock;

/**
 * What ip_vs does of itself as time passes, in the order in which it is due: connections end, the
 * connections of removed servers are flushed, the trash is emptied, the defence looks at memory.
 */
final class Housekeeping {
  private final ConnectionLife life;
  private final Trash trash;
  private final Defense defense;
  private final VirtualClock clock;

  Housekeeping(ConnectionLife life, Trash trash, Defense defense, VirtualClock clock) {
    this.life = life;
    this.trash = trash;
    this.defense = defense;
    this.clock = clock;
  }

  /** Does all that is due at the time of the clock. */
  void advance() {
    long nowNs = clock.nowNs();
    while (true) {
      long timerNs = life.timers().nextNs();
      long trashNs = trash.nextRound().atNs();
      long flushNs = life.flushAtNs();
      long firstNs = Math.min(Math.min(timerNs, trashNs), Math.min(flushNs, defense.nextRoundNs()));
      if (firstNs > nowNs) {
        return;
      }
      if (timerNs == firstNs && life.timers().fireBefore(trash.nextRound())) {
        IpvsConnection over = life.timers().takeFirst();
        if (over.exists()) {
          life.expire(over, timerNs);
        }
      } else if (flushNs == firstNs) {
        life.flush();
      } else if (trashNs == firstNs) {
        trash.runRound();
      } else {
        defense.runRound(life);
      }
    }
  }
}
