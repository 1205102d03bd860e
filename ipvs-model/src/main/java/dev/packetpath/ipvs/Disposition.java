package dev.packetpath.ipvs;

/** What ip_vs does with a packet that comes from a client. */
public enum Disposition {
  /** It is none of ip_vs: the packet goes on as if there were no virtual services. */
  PASS,
  /** It is freed without a word. */
  DROP,
  /** It is freed, and its sender told that there is no such port. */
  UNREACHABLE,
  /** It goes to the real server of its connection. */
  FORWARD
}
