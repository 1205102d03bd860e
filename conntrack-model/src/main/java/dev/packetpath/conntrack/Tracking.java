package dev.packetpath.conntrack;

/** What a protocol's tracker remembers of one connection ({@code union nf_conntrack_proto}). */
abstract class Tracking {
  /** Nothing to remember. */
  static final Tracking NOTHING =
      new Tracking() {
        @Override
        String stateName() {
          return "";
        }
      };

  /** Returns the state as {@code conntrack -L} shows it, "" if the protocol has none. */
  abstract String stateName();
}
