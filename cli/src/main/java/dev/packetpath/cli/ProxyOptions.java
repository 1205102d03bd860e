package dev.packetpath.cli;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.proxy.DetectLocal;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.kubernetes.proxy.ServiceOrder;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that set up a kube-proxy. */
final class ProxyOptions {
  @Option(
      names = "--mode",
      paramLabel = "iptables|ipvs|nftables|userspace",
      description = "how Services are programmed (default: iptables)")
  private ProxyMode mode = ProxyMode.IPTABLES;

  @Option(
      names = "--kube-version",
      paramLabel = "1.N",
      converter = VersionConverter.class,
      description = {
        "the release whose program is written, 1.14 or later; up to 1.20 two rules a",
        "Service lead to it, from 1.21 on one (default: the current one)"
      })
  private KubeVersion version = KubeVersion.CURRENT;

  @Option(
      names = "--detect-local",
      paramLabel = "cluster-cidr|bridge|interface-prefix|node-cidr|none",
      converter = DetectLocalConverter.class,
      description = {
        "how traffic of Pods is told from other traffic, which gets the node's source",
        "address on its way to a cluster address (default: cluster-cidr)"
      })
  private DetectLocal detectLocal = DetectLocal.CLUSTER_CIDR;

  @Option(
      names = "--masquerade-all",
      description = "give all traffic to cluster addresses the node's source address")
  private boolean masqueradeAll;

  @Option(
      names = "--nodeport-addresses",
      paramLabel = "CIDR",
      split = ",",
      converter = PrefixConverter.class,
      description = "where node ports are open (default: on all of the node's addresses)")
  private List<IpPrefix> nodePortAddresses = List.of();

  @Option(
      names = "--localhost-nodeports",
      arity = "1",
      paramLabel = "true|false",
      description = "whether node ports are open on 127.0.0.1 (default: true)")
  private boolean localhostNodePorts = true;

  @Option(
      names = "--order",
      paramLabel = "given|sorted|seed:N",
      converter = OrderConverter.class,
      description = {
        "the order of Services in chains, random in kube-proxy: as they are given, by",
        "name, or shuffled (default: given)"
      })
  private ServiceOrder order = new ServiceOrder.Given();

  @Option(names = "--nfacct", description = "write the rules that count with -m nfacct too")
  private boolean nfacct;

  ProxyConfig config() {
    return ProxyConfig.builder()
        .mode(mode)
        .version(version)
        .detectLocal(detectLocal)
        .masqueradeAll(masqueradeAll)
        .nodePortAddresses(nodePortAddresses)
        .localhostNodePorts(localhostNodePorts)
        .order(order)
        .nfacct(nfacct)
        .build();
  }

  /** Reads a release. */
  static final class VersionConverter implements ITypeConverter<KubeVersion> {
    @Override
    public KubeVersion convert(String text) {
      return orMisuse(() -> KubeVersion.parse(text));
    }
  }

  /** Reads an order. */
  static final class OrderConverter implements ITypeConverter<ServiceOrder> {
    @Override
    public ServiceOrder convert(String text) {
      return orMisuse(() -> ServiceOrder.parse(text));
    }
  }

  /** Reads an address with or without a prefix length. */
  static final class PrefixConverter implements ITypeConverter<IpPrefix> {
    @Override
    public IpPrefix convert(String text) {
      return orMisuse(() -> IpPrefix.parse(text));
    }
  }

  /** Reads an address. */
  static final class AddressConverter implements ITypeConverter<IpAddress> {
    @Override
    public IpAddress convert(String text) {
      return orMisuse(() -> IpAddress.parse(text));
    }
  }

  /** Reads kube-proxy's words for a detector. */
  static final class DetectLocalConverter implements ITypeConverter<DetectLocal> {
    @Override
    public DetectLocal convert(String text) {
      for (DetectLocal mode : DetectLocal.values()) {
        if (mode.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
          return mode;
        }
      }
      throw new TypeConversionException(
          "\"" + text + "\", expected cluster-cidr, bridge, interface-prefix, node-cidr or none");
    }
  }

  static <T> T orMisuse(Supplier<T> parse) {
    try {
      return parse.get();
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
