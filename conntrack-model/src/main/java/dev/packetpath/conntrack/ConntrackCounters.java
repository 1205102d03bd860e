package dev.packetpath.conntrack;

/** The running counters behind {@link ConntrackStatistics}. */
final class ConntrackCounters {
  long found;
  long invalid;
  long insert;
  long insertFailed;
  long drop;
  long earlyDrop;
  long error;
  long clashResolve;
  long chainTooLong;

  ConntrackStatistics toStatistics() {
    return new ConntrackStatistics(
        found,
        invalid,
        insert,
        insertFailed,
        drop,
        earlyDrop,
        error,
        0,
        clashResolve,
        chainTooLong);
  }
}
