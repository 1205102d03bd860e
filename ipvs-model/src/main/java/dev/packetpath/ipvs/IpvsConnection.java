package dev.packetpath.ipvs;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IpvsInfo;
import dev.packetpath.core.packet.IpvsInfo.Method;

/**
 * A connection, or the template by which a persistent service remembers a client's server ({@code
 * struct ip_vs_conn}). Users read it; {@link Ipvs} changes it. Accessors of {@link IpAddress}
 * allocate.
 */
public final class IpvsConnection {
  /** What a look-up answers that finds nothing. */
  public static final IpvsConnection NONE =
      new IpvsConnection(
          new IpvsConnectionBuilder(IpFamily.IPV4, 0), RealServer.NONE, Method.MASQUERADE);

  /** The port that a template has which leads to no server any more. */
  static final int INVALID_PORT = 0xffff;

  private final IpFamily family;
  private final int protocol;
  private final long clientHigh;
  private final long clientLow;
  private final long virtualHigh;
  private final long virtualLow;
  private final IpAddress serverAddress;
  private final boolean template;
  private final boolean onePacket;
  private final Method method;
  private final RealServer server;
  private final long number;
  private int clientPort;
  private int virtualPort;
  private int serverPort;
  private int state;
  private boolean inactive = true;
  private boolean noOutput;
  private boolean usesConntrack;
  private boolean assured;
  private int inPackets;
  private int controlled;
  private IpvsConnection control;
  private IpvsInfo info = IpvsInfo.ABSENT;

  long timeoutNs;
  long expiresAtNs;
  long firesAtNs = Long.MAX_VALUE;
  long queuedForNs = Long.MAX_VALUE;
  long startedAs;
  int timerLevel;
  boolean live;
  boolean ending;
  IpvsConnection nextInBucket;
  IpvsConnection previousInBucket;

  IpvsConnection(IpvsConnectionBuilder builder, RealServer server, Method method) {
    this.family = builder.family;
    this.protocol = builder.protocol;
    this.clientHigh = builder.clientHigh;
    this.clientLow = builder.clientLow;
    this.clientPort = builder.clientPort;
    this.virtualHigh = builder.virtualHigh;
    this.virtualLow = builder.virtualLow;
    this.virtualPort = builder.virtualPort;
    this.serverAddress = builder.serverAddress;
    this.serverPort = builder.serverPort;
    this.template = builder.template;
    this.onePacket = builder.onePacket;
    this.number = builder.number;
    this.server = server;
    this.method = method;
    this.noOutput = server.exists() && method != Method.MASQUERADE;
    // The sentinel refers to itself, others to the sentinel.
    IpvsConnection none = NONE == null ? this : NONE;
    this.control = none;
    this.nextInBucket = none;
    this.previousInBucket = none;
  }

  /** Returns whether this is a connection, and not {@link #NONE}. */
  @SuppressWarnings("ReferenceEquality") // NONE is a sentinel
  public boolean exists() {
    return this != NONE;
  }

  /** Returns the family of client and virtual service. */
  public IpFamily family() {
    return family;
  }

  /** Returns the protocol number; 0 for the template of a marked service. */
  public int protocol() {
    return protocol;
  }

  /** Returns the client's address, of a template its network address. */
  public IpAddress clientAddress() {
    return new IpAddress(family, clientHigh, clientLow);
  }

  /** Returns the client's port, 0 for a template. */
  public int clientPort() {
    return clientPort;
  }

  /**
   * Returns the virtual address; of the template of a marked service the mark in the place of its
   * first 32 bits.
   */
  public IpAddress virtualAddress() {
    return protocol == 0 && template && family == IpFamily.IPV6
        ? new IpAddress(family, virtualLow << 32, 0)
        : new IpAddress(family, virtualHigh, virtualLow);
  }

  /** Returns the virtual port. */
  public int virtualPort() {
    return virtualPort;
  }

  /** Returns the real server's address. */
  public IpAddress serverAddress() {
    return serverAddress;
  }

  /** Returns the real server's port as this connection has it. */
  public int serverPort() {
    return serverPort;
  }

  /** Returns the real server, {@link RealServer#NONE} for a connection that bypasses them. */
  public RealServer server() {
    return server;
  }

  /** Returns how packets get to the server. */
  public Method method() {
    return method;
  }

  /** Returns whether this remembers a client's server, and carries no packets. */
  public boolean isTemplate() {
    return template;
  }

  /** Returns whether this is for one datagram alone. */
  public boolean isOnePacket() {
    return onePacket;
  }

  /** Returns the connection that controls this one, such as its template, or {@link #NONE}. */
  public IpvsConnection control() {
    return control;
  }

  /** Returns the number of connections that this one controls. */
  public int controlled() {
    return controlled;
  }

  /** Returns the number of packets from the client. */
  public int inPackets() {
    return inPackets;
  }

  /** Returns whether connection tracking keeps an entry for this connection. */
  public boolean usesConntrack() {
    return usesConntrack;
  }

  /** Returns whether this counts among the server's active connections. */
  public boolean isActive() {
    return !inactive;
  }

  /** Returns whether it is in the table. */
  public boolean isLive() {
    return live;
  }

  /** Returns the number of connections made before it. */
  public long number() {
    return number;
  }

  /** Returns the state as {@code /proc/net/ip_vs_conn} names it. */
  public String stateName() {
    if (template) {
      return assured ? "ASSURED" : "NONE";
    }
    return switch (protocol) {
      case IpProtocol.TCP -> TcpState.of(state).name();
      case IpProtocol.SCTP -> SctpState.of(state).listed();
      case IpProtocol.UDP -> "UDP";
      default -> "NONE";
    };
  }

  /** Returns the whole seconds left at a time; 0 if a timer is late. */
  public long expiresInSeconds(long nowNs) {
    return Math.max(0, expiresAtNs - nowNs) / VirtualClock.NS_PER_SECOND;
  }

  /**
   * Returns what {@code -m ipvs} is told of this connection's packets to the server. One for a
   * single packet is in no table, and never found.
   */
  IpvsInfo info() {
    if (onePacket) {
      return IpvsInfo.HANDLED;
    }
    if (!info.property()) {
      boolean masqueraded = method == Method.MASQUERADE;
      info =
          new IpvsInfo(
              true,
              true,
              virtualAddress(),
              virtualPort,
              control.exists() ? control.virtualPort : IpvsInfo.NO_CONTROL,
              method,
              new IpvsInfo.Ends(
                  clientAddress(),
                  clientPort,
                  masqueraded ? serverAddress : virtualAddress(),
                  masqueraded ? serverPort : virtualPort));
    }
    return info;
  }

  int state() {
    return state;
  }

  void state(int state) {
    this.state = state;
  }

  boolean isAssured() {
    return assured;
  }

  void assureTemplate() {
    if (control.template) {
      control.assured = true;
    }
  }

  boolean hasNoOutput() {
    return noOutput;
  }

  void sawOutput() {
    noOutput = false;
  }

  void usesConntrack(boolean usesConntrack) {
    this.usesConntrack = usesConntrack;
  }

  /** Counts a packet of the client; one of a single datagram counts for its template. */
  void countIn() {
    if (!onePacket) {
      inPackets++;
    } else if (control.exists()) {
      control.inPackets++;
    }
  }

  /** Moves the connection between the server's active and inactive ones. */
  void active(boolean active) {
    if (active != inactive || !server.exists()) {
      return;
    }
    if (active) {
      server.moveToActive();
    } else {
      server.moveToInactive();
    }
    inactive = !active;
  }

  void controlledBy(IpvsConnection other) {
    control = other;
    other.controlled++;
  }

  void releaseControl() {
    if (control.exists()) {
      control.controlled--;
      control = NONE;
    }
  }

  void invalidateTemplate() {
    virtualPort = INVALID_PORT;
    serverPort = INVALID_PORT;
    clientPort = 0;
  }

  long clientHigh() {
    return clientHigh;
  }

  long clientLow() {
    return clientLow;
  }

  long virtualHigh() {
    return virtualHigh;
  }

  long virtualLow() {
    return virtualLow;
  }

  @Override
  public String toString() {
    return ProtocolName.of(protocol)
        + " "
        + clientAddress()
        + ":"
        + clientPort
        + " "
        + virtualAddress()
        + ":"
        + virtualPort
        + " "
        + serverAddress
        + ":"
        + serverPort
        + " "
        + stateName();
  }
}
