package dev.packetpath.cli.compare;

/** What the columns of the tables are, where their heads do not say it all. */
final class Legend {
  /** Of what CPU time goes to. */
  static final String CPU =
      "CPU: of it rules, conntrack, nat and ipvs for the packets, sync for kube-proxy's syncs, base"
          + " for the requests themselves.";

  /** Of rules. */
  static final String RULES =
      "From the client's Pod, over all Services and endpoints, in all tables and hooks; in list: of"
          + " them those of the list of all Services (KUBE-SERVICES of nat), up to the last one; with"
          + " nftables all, for there is no list.";

  /** Of response times that are no number. */
  static final String OVERLOAD =
      "overload: more is asked for than can be done, so that queues and response times grow without"
          + " end.";

  private Legend() {}
}
