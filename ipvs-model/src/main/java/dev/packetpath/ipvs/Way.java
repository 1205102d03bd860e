package dev.packetpath.ipvs;

/** Which way a packet goes, as the state machines tell it. */
enum Way {
  /** From the client. */
  INPUT,
  /** From the real server. */
  OUTPUT,
  /** From the client of a connection whose answers do not pass this host. */
  INPUT_ONLY
}
