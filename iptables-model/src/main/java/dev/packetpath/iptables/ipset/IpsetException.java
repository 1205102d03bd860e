package dev.packetpath.iptables.ipset;

/** A command that the kernel refuses. What it did before it failed stays done, as in the kernel. */
public final class IpsetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final IpsetError error;
  private final String value;

  IpsetException(IpsetError error, String value) {
    super(error.message() + ": " + value);
    this.error = error;
    this.value = value;
  }

  /** Returns why. */
  public IpsetError error() {
    return error;
  }

  /** Returns the name or element that was refused. */
  public String value() {
    return value;
  }
}
