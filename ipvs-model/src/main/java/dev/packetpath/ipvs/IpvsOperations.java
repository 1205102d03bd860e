package dev.packetpath.ipvs;

import dev.packetpath.core.Operation;

/** The primitive work of ip_vs. */
public final class IpvsOperations {
  /** A client's or server's end hashed and its bucket of connections walked. */
  public static final Operation CONNECTION_LOOKUP = Operation.named("ipvsConnectionLookup");

  /** A connection of a bucket compared. */
  public static final Operation CONNECTION_COMPARED = Operation.named("ipvsConnectionCompared");

  /** A bucket of services walked. */
  public static final Operation SERVICE_LOOKUP = Operation.named("ipvsServiceLookup");

  /** A service of a bucket compared. */
  public static final Operation SERVICE_COMPARED = Operation.named("ipvsServiceCompared");

  /** A scheduler asked for a server. */
  public static final Operation SCHEDULE = Operation.named("ipvsSchedule");

  /** A server or table slot that a scheduler looked at. */
  public static final Operation SCHEDULER_STEP = Operation.named("ipvsSchedulerStep");

  /** A connection or template made. */
  public static final Operation CONNECTION_CREATE = Operation.named("ipvsConnectionCreate");

  /** A protocol's state machine run for a packet. */
  public static final Operation STATE_UPDATE = Operation.named("ipvsStateUpdate");

  /** A packet's addresses and ports rewritten. */
  public static final Operation REWRITE = Operation.named("ipvsRewrite");

  /** A packet wrapped into another. */
  public static final Operation ENCAPSULATE = Operation.named("ipvsEncapsulate");

  private IpvsOperations() {}
}
