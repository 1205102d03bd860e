package dev.packetpath.bench;

import static com.google.common.base.Preconditions.checkArgument;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * The rules that kube-proxy 1.27 and later writes in iptables mode for ClusterIP services, as
 * {@code iptables-save} prints them (without its {@code #} lines).
 *
 * <p>They depend on nothing but the two numbers. Writing takes time linear in the rules and holds
 * the chains' names, not the text.
 *
 * <p>Source: kubernetes pkg/proxy/iptables/proxier.go.
 *
 * @param services how many services, each with one TCP port
 * @param endpoints how many endpoints each of them has, at least 1
 */
public record KubeProxyRules(int services, int endpoints) {
  /** Where the addresses of the pods lie. */
  public static final String POD_CIDR = "10.128.0.0/9";

  /** The port of every service. */
  public static final int PORT = 80;

  /** The port of every endpoint. */
  public static final int TARGET_PORT = 8080;

  private static final int LARGE_CLUSTER_ENDPOINTS = 1000;
  private static final int MAX_SERVICES = 1 << 20;
  private static final int MAX_PODS = 1 << 22;
  private static final int PODS_OF_A_NODE = 250;
  private static final String MARK_MASQ = "KUBE-MARK-MASQ";

  /**
   * Checks that the addresses suffice.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  public KubeProxyRules {
    checkArgument(services >= 0 && services <= MAX_SERVICES, "services: %s", services);
    checkArgument(
        endpoints >= 1 && (long) services * endpoints <= MAX_PODS, "endpoints: %s", endpoints);
  }

  /** Returns how many rules there are in all tables. */
  public int ruleCount() {
    return 23 + services * (2 + 3 * endpoints);
  }

  /** Returns the address of a service, counted from 0. */
  public static String clusterIp(int service) {
    int host = service + 1;
    return "10." + (96 + (host >> 16)) + "." + (host >> 8 & 0xff) + "." + (host & 0xff);
  }

  /** Returns the 32 bits of the address of a service, counted from 0. */
  static long clusterIpLow(int service) {
    return 0x0a60_0000L + service + 1;
  }

  /** Returns the address of an endpoint, both counted from 0. */
  public String podIp(int service, int endpoint) {
    int pod = service * endpoints + endpoint;
    int node = pod / PODS_OF_A_NODE;
    return "10."
        + (128 + (node >> 8))
        + "."
        + (node & 0xff)
        + "."
        + (2 + Math.floorMod(pod, PODS_OF_A_NODE));
  }

  /**
   * Writes the tables mangle, filter and nat.
   *
   * @throws IOException if {@code out} fails
   */
  public void write(Writer out) throws IOException {
    out.write(KubeProxyFrame.MANGLE_AND_FILTER);
    List<KubeChain> chains = chains();
    out.write(KubeProxyFrame.NAT_CHAINS_BEFORE_SERVICES);
    for (KubeChain chain : chains) {
      out.write(":" + chain.name() + " - [0:0]\n");
    }
    out.write(KubeProxyFrame.NAT_RULES_BEFORE_SERVICES);
    for (KubeChain chain : chains) {
      writeChain(out, chain);
    }
    out.write("COMMIT\n");
  }

  /** Returns the chains of services and endpoints, and KUBE-SERVICES, as they are sorted. */
  private List<KubeChain> chains() {
    List<KubeChain> chains = new ArrayList<>();
    chains.add(KubeChain.SERVICES);
    for (int service = 0; service < services; service++) {
      chains.add(KubeChain.ofService(service));
      for (int endpoint = 0; endpoint < endpoints; endpoint++) {
        chains.add(
            KubeChain.ofEndpoint(service, endpoint, podIp(service, endpoint) + ":" + TARGET_PORT));
      }
    }
    Collections.sort(chains);
    return chains;
  }

  private void writeChain(Writer out, KubeChain chain) throws IOException {
    if (chain.equals(KubeChain.SERVICES)) {
      writeServices(out);
    } else if (chain.endpoint() == KubeChain.NO_ENDPOINT) {
      writeService(out, chain);
    } else {
      writeEndpoint(out, chain);
    }
  }

  private void writeServices(Writer out) throws IOException {
    for (int service = 0; service < services; service++) {
      String name = KubeChain.ofService(service).name();
      out.write("-A KUBE-SERVICES -d " + clusterIpMatch(service) + " -j " + name + "\n");
    }
    out.write(KubeProxyFrame.LAST_OF_SERVICES);
  }

  private void writeService(Writer out, KubeChain chain) throws IOException {
    int service = chain.service();
    String start = "-A " + chain.name() + " ";
    out.write(
        start + "! -s " + POD_CIDR + " -d " + clusterIpMatch(service) + " -j " + MARK_MASQ + "\n");
    List<String> addresses = new ArrayList<>();
    for (int endpoint = 0; endpoint < endpoints; endpoint++) {
      addresses.add(podIp(service, endpoint) + ":" + TARGET_PORT);
    }
    Collections.sort(addresses);
    for (int i = 0; i < endpoints; i++) {
      String address = addresses.get(i);
      out.write(
          start
              + comment(KubeChain.portName(service) + " -> " + address)
              + balance(endpoints - i)
              + "-j "
              + KubeChain.ofEndpoint(service, i, address).name()
              + "\n");
    }
  }

  private void writeEndpoint(Writer out, KubeChain chain) throws IOException {
    String start = "-A " + chain.name() + " ";
    String comment = comment(KubeChain.portName(chain.service()));
    String pod = podIp(chain.service(), chain.endpoint());
    out.write(start + "-s " + pod + "/32 " + comment + "-j " + MARK_MASQ + "\n");
    String address = pod + ":" + TARGET_PORT;
    out.write(start + "-p tcp " + comment + "-m tcp -j DNAT --to-destination " + address + "\n");
  }

  private static String clusterIpMatch(int service) {
    return clusterIp(service)
        + "/32 -p tcp -m comment --comment \""
        + KubeChain.portName(service)
        + " cluster IP\" -m tcp --dport "
        + PORT;
  }

  /** Returns the comment of an endpoint's rule: kube-proxy leaves it out in large clusters. */
  private String comment(String text) {
    return (long) services * endpoints > LARGE_CLUSTER_ENDPOINTS
        ? ""
        : "-m comment --comment \"" + text + "\" ";
  }

  /** Returns the test that takes one of so many connections, as the kernel rounds it. */
  private static String balance(int of) {
    if (of == 1) {
      return "";
    }
    double written = Math.round(1e10 / of) / 1e10;
    double kept = Math.round(written * 0x1p31) / 0x1p31;
    return String.format(Locale.ROOT, "-m statistic --mode random --probability %.11f ", kept);
  }
}
