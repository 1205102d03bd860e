package dev.packetpath.conntrack;

import dev.packetpath.core.Operation;

/** The primitive work of connection tracking and NAT. */
final class ConntrackOperations {
  /** A packet looked at by defragmentation, in fragments or whole. */
  static final Operation DEFRAGMENT = Operation.named("conntrackDefragment");

  /** A tuple hashed and its bucket walked, for a packet. */
  static final Operation LOOKUP = Operation.named("conntrackLookup");

  /** An entry of a bucket compared with a tuple, for whatever purpose. */
  static final Operation ENTRY_COMPARED = Operation.named("conntrackEntryCompared");

  /** A connection allocated. */
  static final Operation ALLOCATE = Operation.named("conntrackAllocate");

  /** A protocol's state machine run for a packet. */
  static final Operation UPDATE = Operation.named("conntrackUpdate");

  /** An entry put into the table by confirmation. */
  static final Operation INSERT = Operation.named("conntrackInsert");

  /** A bucket searched for entries to drop early. */
  static final Operation EARLY_DROP_BUCKET = Operation.named("conntrackEarlyDropBucket");

  /** NAT decided for one end of a connection. */
  static final Operation NAT_SET_UP = Operation.named("natSetUp");

  /** A tuple looked up to see whether NAT may use it. */
  static final Operation NAT_PORT_PROBE = Operation.named("natPortProbe");

  /** A list of the connections of one source searched. */
  static final Operation NAT_SOURCE_LOOKUP = Operation.named("natSourceLookup");

  /** A connection put on the list of its source. */
  static final Operation NAT_SOURCE_INSERT = Operation.named("natSourceInsert");

  /** A header rewritten. */
  static final Operation NAT_REWRITE = Operation.named("natRewrite");

  private ConntrackOperations() {}
}
