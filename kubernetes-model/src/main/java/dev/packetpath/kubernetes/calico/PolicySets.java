package dev.packetpath.kubernetes.calico;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.Pod;
import dev.packetpath.kubernetes.policy.PodSelector;
import dev.packetpath.kubernetes.policy.PolicyPort;
import dev.packetpath.kubernetes.text.SetText;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The sets that rules of policies look addresses up in: one for each selector of Pods and one for
 * each named port, made when a rule first asks for it. Not safe for use by several threads.
 */
final class PolicySets {
  /** How many elements a set of Calico holds at most. */
  static final int MAX_ELEMENTS = 1_048_576;

  /** How much of a hash stands for what a set holds. */
  private static final int ID_CHARACTERS = 22;

  private final Cluster cluster;
  private final IpFamily family;
  private final Map<String, SetText> sets = new LinkedHashMap<>();

  PolicySets(Cluster cluster, IpFamily family) {
    this.cluster = cluster;
    this.family = family;
  }

  /** Returns the name of the set of the addresses of Pods. */
  String addressesOf(PodSelector selector) {
    String id = "s:" + CalicoNames.hash(selector.toString()).substring(0, ID_CHARACTERS);
    return sets.computeIfAbsent(id, key -> addresses(key, selector)).name();
  }

  private SetText addresses(String id, PodSelector selector) {
    SetText set = newSet(id, "hash:net");
    for (Pod pod : cluster.pods()) {
      if (selector.matches(pod, cluster)) {
        for (IpAddress address : pod.addresses()) {
          if (address.family() == family) {
            set.add(address.toString());
          }
        }
      }
    }
    return set;
  }

  /** Returns the name of the set of addresses and numbers of a port that has a name. */
  String portsOf(PolicyPort port) {
    String id =
        "n:" + CalicoNames.hash(port.protocol() + "," + port.name()).substring(0, ID_CHARACTERS);
    return sets.computeIfAbsent(id, key -> ports(key, port)).name();
  }

  private SetText ports(String id, PolicyPort port) {
    SetText set = newSet(id, "hash:ip,port");
    for (Pod pod : cluster.pods()) {
      for (Pod.NamedPort named : pod.ports()) {
        if (named.name().equals(port.name())
            && named.protocol() == port.protocol()
            && !pod.hostNetwork()) {
          for (IpAddress address : pod.addresses()) {
            if (address.family() == family) {
              set.add(address + "," + port.protocol() + ":" + named.number());
            }
          }
        }
      }
    }
    return set;
  }

  private SetText newSet(String id, String type) {
    return SetText.hash(CalicoNames.set(family, id), type, family, MAX_ELEMENTS);
  }

  /** Returns the sets that were asked for. */
  ImmutableList<SetText> all() {
    return ImmutableList.copyOf(sets.values());
  }
}
