package dev.packetpath.kubernetes;

import dev.packetpath.core.net.IpProtocol;
import java.util.Locale;

/** The protocols that a Service can have. */
public enum ServiceProtocol {
  /** TCP. */
  TCP(IpProtocol.TCP),
  /** UDP. */
  UDP(IpProtocol.UDP),
  /** SCTP. */
  SCTP(IpProtocol.SCTP);

  private final int number;
  private final String text;

  ServiceProtocol(int number) {
    this.number = number;
    this.text = name().toLowerCase(Locale.ROOT);
  }

  /** Returns the IP protocol number. */
  public int number() {
    return number;
  }

  /** Returns the lower-case name. */
  @Override
  public String toString() {
    return text;
  }
}
