package dev.packetpath.ipvs.plain;

/** A real server with what schedulers ask of it. */
public final class PlainServer {
  final int address;
  final int port;
  int weight;
  int lastWeight;
  int upper;
  int lower;
  int active;
  int total;
  boolean full;
  boolean gone;

  PlainServer(int address, int port) {
    this.address = address;
    this.port = port;
  }

  /** Returns the address in 32 bits. */
  public int address() {
    return address;
  }

  /** Returns how many connections there are, and how many of them are active. */
  public String counts() {
    return active + " of " + total + (full ? ", full" : "");
  }

  boolean takes() {
    return weight > 0 && !full;
  }

  long load() {
    return active * 256L + total;
  }

  private int leastToBeFull() {
    return lower > 0 ? lower : upper - upper / 4;
  }

  void set(int weight, int upper, int lower) {
    this.weight = weight;
    if (weight > 0) {
      lastWeight = weight;
    }
    if (upper != this.upper || lower != this.lower) {
      this.upper = upper;
      this.lower = lower;
      full = upper > 0 && (total >= upper || (full && total >= leastToBeFull()));
    }
  }

  void begin() {
    total++;
    active++;
    full |= total == upper;
  }

  void end(boolean wasActive) {
    active -= wasActive ? 1 : 0;
    total--;
    full &= upper == 0 || total != leastToBeFull() - 1;
  }
}
