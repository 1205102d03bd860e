package dev.packetpath.kubernetes;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import java.util.Map;

/**
 * A Service with cluster addresses. Headless ones and ExternalName are none: kube-proxy programs
 * nothing for them.
 */
public final class Service {
  /** The longest that a client stays with its endpoint. */
  public static final int MAX_AFFINITY_SECONDS = 86_400;

  /** What {@link #affinitySeconds} is for a Service without session affinity. */
  public static final int NO_AFFINITY = 0;

  /** The annotation that asks for topology hints; deprecated in Kubernetes 1.27. */
  public static final String TOPOLOGY_AWARE_HINTS = "service.kubernetes.io/topology-aware-hints";

  /** The annotation that asks for topology hints on from Kubernetes 1.27. */
  public static final String TOPOLOGY_MODE = "service.kubernetes.io/topology-mode";

  private final String namespace;
  private final String name;
  private final ImmutableMap<String, String> annotations;
  private final ImmutableList<IpAddress> clusterIps;
  private final ImmutableList<IpAddress> externalIps;
  private final ImmutableList<IpAddress> loadBalancerIps;
  private final ImmutableList<IpPrefix> sourceRanges;
  private final ImmutableList<ServicePort> ports;
  private final TrafficPolicy externalPolicy;
  private final TrafficPolicy internalPolicy;
  private final int affinitySeconds;
  private final int healthCheckNodePort;

  private Service(Builder builder) {
    this.namespace = builder.namespace;
    this.name = builder.name;
    this.annotations = builder.annotations;
    this.clusterIps = builder.clusterIps;
    this.externalIps = builder.externalIps;
    this.loadBalancerIps = builder.loadBalancerIps;
    this.sourceRanges = builder.sourceRanges;
    this.ports = builder.ports;
    this.externalPolicy = builder.externalPolicy;
    this.internalPolicy = builder.internalPolicy;
    this.affinitySeconds = builder.affinitySeconds;
    this.healthCheckNodePort = builder.healthCheckNodePort;
  }

  /** Returns a builder of a Service without addresses, with both policies {@code CLUSTER}. */
  public static Builder builder(String namespace, String name) {
    return new Builder(namespace, name);
  }

  /** Returns a builder of a Service like this one. */
  public Builder toBuilder() {
    Builder builder = new Builder(namespace, name);
    builder.annotations = annotations;
    builder.clusterIps = clusterIps;
    builder.externalIps = externalIps;
    builder.loadBalancerIps = loadBalancerIps;
    builder.sourceRanges = sourceRanges;
    builder.ports = ports;
    builder.externalPolicy = externalPolicy;
    builder.internalPolicy = internalPolicy;
    builder.affinitySeconds = affinitySeconds;
    builder.healthCheckNodePort = healthCheckNodePort;
    return builder;
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Service other
        && namespace.equals(other.namespace)
        && name.equals(other.name)
        && annotations.equals(other.annotations)
        && clusterIps.equals(other.clusterIps)
        && externalIps.equals(other.externalIps)
        && loadBalancerIps.equals(other.loadBalancerIps)
        && sourceRanges.equals(other.sourceRanges)
        && ports.equals(other.ports)
        && externalPolicy == other.externalPolicy
        && internalPolicy == other.internalPolicy
        && affinitySeconds == other.affinitySeconds
        && healthCheckNodePort == other.healthCheckNodePort;
  }

  /** Of the name alone, which no other Service of the cluster has. */
  @Override
  public int hashCode() {
    return 31 * namespace.hashCode() + name.hashCode();
  }

  @Override
  public String toString() {
    return qualifiedName();
  }

  /** Returns the namespace. */
  public String namespace() {
    return namespace;
  }

  /** Returns the name. */
  public String name() {
    return name;
  }

  /** Returns {@code namespace/name}. */
  public String qualifiedName() {
    return namespace + "/" + name;
  }

  /** Returns the annotations that kube-proxy reads. */
  public ImmutableMap<String, String> annotations() {
    return annotations;
  }

  /** Returns the cluster addresses, at most one of each family. */
  public ImmutableList<IpAddress> clusterIps() {
    return clusterIps;
  }

  /** Returns the external addresses. */
  public ImmutableList<IpAddress> externalIps() {
    return externalIps;
  }

  /** Returns the load balancer's addresses that kube-proxy shall capture. */
  public ImmutableList<IpAddress> loadBalancerIps() {
    return loadBalancerIps;
  }

  /** Returns where the load balancer's clients may come from; empty for anywhere. */
  public ImmutableList<IpPrefix> sourceRanges() {
    return sourceRanges;
  }

  /** Returns the ports. */
  public ImmutableList<ServicePort> ports() {
    return ports;
  }

  /** Returns which endpoints traffic from outside may reach. */
  public TrafficPolicy externalPolicy() {
    return externalPolicy;
  }

  /** Returns which endpoints traffic to the cluster address may reach. */
  public TrafficPolicy internalPolicy() {
    return internalPolicy;
  }

  /** Returns for how many seconds a client stays with its endpoint, or {@link #NO_AFFINITY}. */
  public int affinitySeconds() {
    return affinitySeconds;
  }

  /** Returns the TCP port where a load balancer asks for the node's health, 0 for none. */
  public int healthCheckNodePort() {
    return healthCheckNodePort;
  }

  /** Builds a {@link Service}. Not safe for use by several threads. */
  public static final class Builder {

    private final String namespace;
    private final String name;
    private ImmutableMap<String, String> annotations = ImmutableMap.of();
    private ImmutableList<IpAddress> clusterIps = ImmutableList.of();
    private ImmutableList<IpAddress> externalIps = ImmutableList.of();
    private ImmutableList<IpAddress> loadBalancerIps = ImmutableList.of();
    private ImmutableList<IpPrefix> sourceRanges = ImmutableList.of();
    private ImmutableList<ServicePort> ports = ImmutableList.of();
    private TrafficPolicy externalPolicy = TrafficPolicy.CLUSTER;
    private TrafficPolicy internalPolicy = TrafficPolicy.CLUSTER;
    private int affinitySeconds = NO_AFFINITY;
    private int healthCheckNodePort;

    private Builder(String namespace, String name) {
      this.namespace = namespace;
      this.name = name;
    }

    /**
     * Sets the annotations that kube-proxy reads: {@link #TOPOLOGY_AWARE_HINTS}, {@link
     * #TOPOLOGY_MODE}.
     */
    @CanIgnoreReturnValue
    public Builder annotations(Map<String, String> annotations) {
      this.annotations = ImmutableMap.copyOf(annotations);
      return this;
    }

    /** Sets the cluster addresses. */
    @CanIgnoreReturnValue
    public Builder clusterIps(Iterable<IpAddress> addresses) {
      this.clusterIps = ImmutableList.copyOf(addresses);
      return this;
    }

    /** Sets the external addresses. */
    @CanIgnoreReturnValue
    public Builder externalIps(Iterable<IpAddress> addresses) {
      this.externalIps = ImmutableList.copyOf(addresses);
      return this;
    }

    /** Sets the load balancer's addresses. */
    @CanIgnoreReturnValue
    public Builder loadBalancerIps(Iterable<IpAddress> addresses) {
      this.loadBalancerIps = ImmutableList.copyOf(addresses);
      return this;
    }

    /** Sets where the load balancer's clients may come from. */
    @CanIgnoreReturnValue
    public Builder sourceRanges(Iterable<IpPrefix> ranges) {
      this.sourceRanges = ImmutableList.copyOf(ranges);
      return this;
    }

    /** Sets the ports. */
    @CanIgnoreReturnValue
    public Builder ports(Iterable<ServicePort> ports) {
      this.ports = ImmutableList.copyOf(ports);
      return this;
    }

    /** Sets which endpoints traffic from outside may reach. */
    @CanIgnoreReturnValue
    public Builder externalPolicy(TrafficPolicy policy) {
      this.externalPolicy = policy;
      return this;
    }

    /** Sets which endpoints traffic to the cluster address may reach. */
    @CanIgnoreReturnValue
    public Builder internalPolicy(TrafficPolicy policy) {
      this.internalPolicy = policy;
      return this;
    }

    /** Sets how long clients stay with their endpoint, 1 to 86,400 seconds. */
    @CanIgnoreReturnValue
    public Builder affinitySeconds(int seconds) {
      checkArgument(
          seconds > 0 && seconds <= MAX_AFFINITY_SECONDS, "affinity seconds: %s", seconds);
      this.affinitySeconds = seconds;
      return this;
    }

    /** Sets the health check's port. */
    @CanIgnoreReturnValue
    public Builder healthCheckNodePort(int port) {
      checkArgument(port > 0 && port <= 0xffff, "health check node port: %s", port);
      this.healthCheckNodePort = port;
      return this;
    }

    /** Returns the Service. */
    public Service build() {
      return new Service(this);
    }
  }
}
