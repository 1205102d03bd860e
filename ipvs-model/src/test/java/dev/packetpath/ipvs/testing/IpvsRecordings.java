package dev.packetpath.ipvs.testing;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** What kernels did in scenarios of IPVS, as JSON. */
public final class IpvsRecordings {
  private IpvsRecordings() {}

  /** Opens 218 scenarios and 280 sequences of TCP segments of kernel 6.1.192. */
  public static InputStream open() throws IOException {
    return resource("ipvs-a.json.gz");
  }

  /**
   * Opens scenarios of kernel 6.1.192 that mix families, protocols, methods, marks, persistence,
   * thresholds and settings, drawn by {@code conformance/ipvs/generate}.
   */
  public static InputStream openMixed() throws IOException {
    return resource("ipvs-mixed.json.gz");
  }

  /**
   * Opens mixed scenarios of kernel 6.1.192 that end with all connections and counters, among them
   * edits of the method, one-packet scheduling beside persistence, and sleeps of odd lengths.
   */
  public static InputStream openCounted() throws IOException {
    return resource("ipvs-counted.json.gz");
  }

  /**
   * Opens scenarios of kernel 6.1.192 with methods mixed in one service, FTP, one-packet scheduling
   * of marks and connections that begin with any flags or chunk, drawn by {@code
   * conformance/ipvs/generate-varied 12 60}.
   */
  public static InputStream openVaried() throws IOException {
    return resource("ipvs-varied.json.gz");
  }

  /** Opens walks through the states of SCTP, of kernel 6.1.192. */
  public static InputStream openSctp() throws IOException {
    return resource("ipvs-sctp.json.gz");
  }

  /** Opens scenarios of a kernel with the ip_vs of 6.1.176, of the flavour CLASSIC. */
  public static InputStream openClassic() throws IOException {
    return resource("ipvs-classic.json.gz");
  }

  private static InputStream resource(String name) throws IOException {
    return new GZIPInputStream(
        Objects.requireNonNull(IpvsRecordings.class.getResourceAsStream(name), name));
  }
}
