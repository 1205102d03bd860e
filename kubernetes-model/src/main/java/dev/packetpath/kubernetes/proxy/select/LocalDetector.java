package dev.packetpath.kubernetes.proxy.select;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.text.RuleWriter;

/** How kube-proxy tells the traffic of Pods of its node or cluster from other traffic. */
public sealed interface LocalDetector {
  /** Returns whether it can tell at all. */
  default boolean isImplemented() {
    return true;
  }

  /** Returns whether a packet from an address, come in by a device, is taken for one of a Pod. */
  boolean holds(IpAddress source, String device);

  /** Adds the test that traffic is of a Pod. */
  void ifLocal(RuleWriter rule);

  /** Adds the test that traffic is not of a Pod. */
  void ifNotLocal(RuleWriter rule);

  /**
   * By source address.
   *
   * @param podCidr where the Pods' addresses lie
   */
  record BySource(IpPrefix podCidr) implements LocalDetector {
    @Override
    public boolean holds(IpAddress source, String in) {
      return podCidr.contains(source);
    }

    @Override
    public void ifLocal(RuleWriter rule) {
      rule.source(podCidr);
    }

    @Override
    public void ifNotLocal(RuleWriter rule) {
      rule.sourceNot(podCidr);
    }
  }

  /**
   * By the device where traffic came in.
   *
   * @param device a bridge's name, or the start of Pods' devices' names with a + behind it
   */
  record ByDevice(String device) implements LocalDetector {
    @Override
    public boolean holds(IpAddress source, String in) {
      return device.endsWith("+")
          ? in.startsWith(device.substring(0, device.length() - 1))
          : in.equals(device);
    }

    @Override
    public void ifLocal(RuleWriter rule) {
      rule.in(device);
    }

    @Override
    public void ifNotLocal(RuleWriter rule) {
      rule.inNot(device);
    }
  }

  /** Not at all. */
  record Off() implements LocalDetector {
    @Override
    public boolean isImplemented() {
      return false;
    }

    @Override
    public boolean holds(IpAddress source, String in) {
      return false;
    }

    @Override
    public void ifLocal(RuleWriter rule) {
      throw new UnsupportedOperationException("local traffic is not told from other traffic");
    }

    @Override
    public void ifNotLocal(RuleWriter rule) {
      throw new UnsupportedOperationException("local traffic is not told from other traffic");
    }
  }
}
