package dev.packetpath.ipvs;

/** What {@code ipvsadm -L --stats} counts of a service or a real server. */
public final class Traffic {
  private long connections;
  private long inPackets;
  private long outPackets;
  private long inBytes;
  private long outBytes;

  Traffic() {}

  /** Returns the number of connections scheduled. */
  public long connections() {
    return connections;
  }

  /** Returns the packets from clients. */
  public long inPackets() {
    return inPackets;
  }

  /** Returns the packets to clients that passed this host. */
  public long outPackets() {
    return outPackets;
  }

  /** Returns the bytes from clients, IP headers included. */
  public long inBytes() {
    return inBytes;
  }

  /** Returns the bytes to clients that passed this host, IP headers included. */
  public long outBytes() {
    return outBytes;
  }

  void connection() {
    connections++;
  }

  void in(int bytes) {
    inPackets++;
    inBytes += bytes;
  }

  void out(int bytes) {
    outPackets++;
    outBytes += bytes;
  }

  void clear() {
    connections = 0;
    inPackets = 0;
    outPackets = 0;
    inBytes = 0;
    outBytes = 0;
  }
}
