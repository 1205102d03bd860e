package dev.packetpath.ipvs.testing;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** What kernel 6.1.192 did in 218 scenarios and 280 sequences of TCP segments. */
public final class IpvsRecordings {
  private IpvsRecordings() {}

  /** Opens the recordings, which are JSON. */
  public static InputStream open() throws IOException {
    return new GZIPInputStream(
        Objects.requireNonNull(IpvsRecordings.class.getResourceAsStream("ipvs-a.json.gz")));
  }
}
