package dev.packetpath.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;

/**
 * A chain of kube-proxy for one service or one endpoint; chains sort by name.
 *
 * @param name its name: a prefix and 16 characters of a hash
 * @param service the service, from 0
 * @param endpoint the endpoint of that service, from 0, or {@link #NO_ENDPOINT}
 */
record KubeChain(String name, int service, int endpoint) implements Comparable<KubeChain> {
  /** The endpoint of a service's own chain. */
  static final int NO_ENDPOINT = -1;

  /** The chain that leads to the services' chains. */
  static final KubeChain SERVICES = new KubeChain("KUBE-SERVICES", -1, NO_ENDPOINT);

  /** Returns the chain of a service. */
  static KubeChain ofService(int service) {
    return new KubeChain("KUBE-SVC-" + hash(portName(service) + "tcp"), service, NO_ENDPOINT);
  }

  /** Returns the chain of an endpoint with this {@code address:port}. */
  static KubeChain ofEndpoint(int service, int endpoint, String address) {
    String hashed = portName(service) + "tcp" + address;
    return new KubeChain("KUBE-SEP-" + hash(hashed), service, endpoint);
  }

  /** Returns what comments call the one port of a service. */
  static String portName(int service) {
    return "default/svc-" + service + ":http";
  }

  static String hash(String text) {
    byte[] digest = Hashing.sha256().hashString(text, UTF_8).asBytes();
    return BaseEncoding.base32().encode(digest).substring(0, 16);
  }

  @Override
  public int compareTo(KubeChain other) {
    return name.compareTo(other.name);
  }
}
