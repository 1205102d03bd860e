package dev.packetpath.kubernetes.proxy;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import java.util.List;

/** The settings of a kube-proxy, immutable. */
public final class ProxyConfig {
  private static final IpAddress LOCALHOST = IpAddress.parse("127.0.0.1");

  private final ProxyMode mode;
  private final KubeVersion version;
  private final String scheduler;
  private final DetectLocal detectLocal;
  private final String bridge;
  private final String interfacePrefix;
  private final boolean masqueradeAll;
  private final ImmutableList<IpPrefix> nodePortAddresses;
  private final boolean localhostNodePorts;
  private final boolean nfacct;
  private final ServiceOrder order;

  private ProxyConfig(Builder builder) {
    this.mode = builder.mode;
    this.version = builder.version;
    this.scheduler = builder.scheduler;
    this.detectLocal = builder.detectLocal;
    this.bridge = builder.bridge;
    this.interfacePrefix = builder.interfacePrefix;
    this.masqueradeAll = builder.masqueradeAll;
    this.nodePortAddresses = builder.nodePortAddresses;
    this.localhostNodePorts = builder.localhostNodePorts;
    this.nfacct = builder.nfacct;
    this.order = builder.order;
  }

  /**
   * Returns a builder with kube-proxy's defaults in iptables mode, the detector by cluster CIDR, no
   * nfacct.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the mode. */
  public ProxyMode mode() {
    return mode;
  }

  /** Returns the name of IPVS's scheduler. */
  public String scheduler() {
    return scheduler;
  }

  /** Returns the release. */
  public KubeVersion version() {
    return version;
  }

  /** Returns how traffic of Pods is told from other traffic. */
  public DetectLocal detectLocal() {
    return detectLocal;
  }

  /** Returns the bridge of the node's Pods, for {@link DetectLocal#BRIDGE}. */
  public String bridge() {
    return bridge;
  }

  /** Returns how Pods' devices' names start, for {@link DetectLocal#INTERFACE_PREFIX}. */
  public String interfacePrefix() {
    return interfacePrefix;
  }

  /** Returns whether all traffic to cluster addresses gets the node's source address. */
  public boolean masqueradeAll() {
    return masqueradeAll;
  }

  /** Returns where node ports are open; empty for all addresses of the node. */
  public ImmutableList<IpPrefix> nodePortAddresses() {
    return nodePortAddresses;
  }

  /** Returns whether node ports shall be open on 127.0.0.1 too. */
  public boolean localhostNodePorts() {
    return localhostNodePorts;
  }

  /**
   * Returns whether 127.0.0.1 really takes connections to node ports: in iptables mode alone, and
   * where {@link #nodePortAddresses} leave it in.
   */
  public boolean opensLocalhostNodePorts() {
    return mode == ProxyMode.IPTABLES && localhostNodePorts && nodePortsHold(LOCALHOST);
  }

  private boolean nodePortsHold(IpAddress address) {
    List<IpPrefix> ofFamily =
        nodePortAddresses.stream().filter(prefix -> prefix.family() == address.family()).toList();
    return ofFamily.isEmpty() || ofFamily.stream().anyMatch(prefix -> prefix.contains(address));
  }

  /** Returns whether rules count with {@code -m nfacct}; many kernels lack it. */
  public boolean nfacct() {
    return nfacct;
  }

  /** Returns the order of Services in chains. */
  public ServiceOrder order() {
    return order;
  }

  /** Builds a {@link ProxyConfig}. Not safe for use by several threads. */
  public static final class Builder {
    private ProxyMode mode = ProxyMode.IPTABLES;
    private KubeVersion version = KubeVersion.CURRENT;
    private String scheduler = "rr";
    private DetectLocal detectLocal = DetectLocal.CLUSTER_CIDR;
    private String bridge = "cni0";
    private String interfacePrefix = "veth";
    private boolean masqueradeAll;
    private ImmutableList<IpPrefix> nodePortAddresses = ImmutableList.of();
    private boolean localhostNodePorts = true;
    private boolean nfacct;
    private ServiceOrder order = new ServiceOrder.Given();

    private Builder() {}

    /** Sets the mode. */
    @CanIgnoreReturnValue
    public Builder mode(ProxyMode mode) {
      this.mode = mode;
      return this;
    }

    /** Sets IPVS's scheduler, by its name. */
    @CanIgnoreReturnValue
    public Builder scheduler(String scheduler) {
      this.scheduler = scheduler;
      return this;
    }

    /** Sets the release. */
    @CanIgnoreReturnValue
    public Builder version(KubeVersion version) {
      this.version = version;
      return this;
    }

    /** Sets how traffic of Pods is told from other traffic. */
    @CanIgnoreReturnValue
    public Builder detectLocal(DetectLocal detectLocal) {
      this.detectLocal = detectLocal;
      return this;
    }

    /** Sets the bridge of the node's Pods. */
    @CanIgnoreReturnValue
    public Builder bridge(String bridge) {
      this.bridge = bridge;
      return this;
    }

    /** Sets how Pods' devices' names start. */
    @CanIgnoreReturnValue
    public Builder interfacePrefix(String prefix) {
      this.interfacePrefix = prefix;
      return this;
    }

    /** Sets whether all traffic to cluster addresses gets the node's source address. */
    @CanIgnoreReturnValue
    public Builder masqueradeAll(boolean masqueradeAll) {
      this.masqueradeAll = masqueradeAll;
      return this;
    }

    /** Sets where node ports are open; empty for all addresses of the node. */
    @CanIgnoreReturnValue
    public Builder nodePortAddresses(Iterable<IpPrefix> addresses) {
      this.nodePortAddresses = ImmutableList.copyOf(addresses);
      return this;
    }

    /** Sets whether node ports are open on 127.0.0.1 too. */
    @CanIgnoreReturnValue
    public Builder localhostNodePorts(boolean localhostNodePorts) {
      this.localhostNodePorts = localhostNodePorts;
      return this;
    }

    /** Sets whether rules count with {@code -m nfacct}. */
    @CanIgnoreReturnValue
    public Builder nfacct(boolean nfacct) {
      this.nfacct = nfacct;
      return this;
    }

    /** Sets the order of Services in chains. */
    @CanIgnoreReturnValue
    public Builder order(ServiceOrder order) {
      this.order = order;
      return this;
    }

    /** Returns the settings. */
    public ProxyConfig build() {
      return new ProxyConfig(this);
    }
  }
}
