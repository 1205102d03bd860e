package dev.packetpath.ipvs.scheduler;

import dev.packetpath.ipvs.RealServer;
import dev.packetpath.ipvs.SchedulerFlag;

/** What a scheduler sees of its service. */
public interface SchedulerContext {
  /**
   * Returns the head of the ring of servers, which is no server itself; the server added last
   * follows it.
   */
  RealServer head();

  /** Returns the number of servers on the list. */
  int size();

  /** Returns whether the service has a flag. */
  boolean has(SchedulerFlag flag);

  /** Returns the load of a server in connections, active ones counting 256 times and more. */
  int overhead(RealServer server);

  /** Returns 32 random bits of the packet that is being scheduled. */
  int randomBits();

  /** Returns the virtual time in nanoseconds. */
  long nowNs();

  /** Returns when a timer of the kernel fires that is set at a time, in virtual nanoseconds. */
  long timerFiresAtNs(long setAtNs, long timeoutNs);

  /** Returns how long unused entries of a locality scheduler may stay, in nanoseconds. */
  long localityExpirationNs();

  /** Counts servers looked at, or slots of a table. */
  void countSteps(long steps);
}
