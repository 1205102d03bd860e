package dev.packetpath.kubernetes.calico;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableSortedSet;
import dev.packetpath.kubernetes.text.RuleWriter;
import dev.packetpath.kubernetes.text.TableText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Leads a packet to the chain of its device: by the character behind the names' common start, then
 * by name. One level, as Felix renders it (felix/rules/dispatch.go).
 */
final class DispatchTree {
  private final String root;
  private final String endpointPrefix;
  private final boolean incoming;

  private DispatchTree(String root, String endpointPrefix, boolean incoming) {
    this.root = root;
    this.endpointPrefix = endpointPrefix;
    this.incoming = incoming;
  }

  /** Adds the tree for packets that come from Pods. */
  static void fromPods(ImmutableSortedSet<String> devices, TableText filter) {
    new DispatchTree("cali-from-wl-dispatch", "cali-fw-", true).addTo(devices, filter);
  }

  /** Adds the tree for packets that go to Pods. */
  static void toPods(ImmutableSortedSet<String> devices, TableText filter) {
    new DispatchTree("cali-to-wl-dispatch", "cali-tw-", false).addTo(devices, filter);
  }

  private void addTo(ImmutableSortedSet<String> devices, TableText filter) {
    String start = commonStart(devices);
    Map<Character, List<String>> bins = new TreeMap<>();
    for (String device : devices) {
      char next = device.length() > start.length() ? device.charAt(start.length()) : '0';
      bins.computeIfAbsent(next, key -> new ArrayList<>()).add(device);
    }
    CalicoRules rules = new CalicoRules();
    for (Map.Entry<Character, List<String>> bin : bins.entrySet()) {
      if (bin.getValue().size() == 1) {
        leadTo(rules, bin.getValue().get(0));
      } else {
        String child = root + "-" + bin.getKey();
        lead(rules, start + bin.getKey() + "+", child);
        CalicoRules names = new CalicoRules();
        bin.getValue().forEach(device -> leadTo(names, device));
        filter.chain(child, dropUnknown(names).build());
      }
    }
    filter.chain(root, dropUnknown(rules).build());
  }

  private static String commonStart(ImmutableSortedSet<String> devices) {
    if (devices.size() < 2) {
      return CalicoNames.DEVICE_PREFIX;
    }
    return Strings.commonPrefix(devices.first(), devices.last());
  }

  private void leadTo(CalicoRules rules, String device) {
    lead(rules, device, CalicoNames.chain(endpointPrefix, device));
  }

  private void lead(CalicoRules rules, String device, String chain) {
    Consumer<RuleWriter> test = incoming ? rule -> rule.in(device) : rule -> rule.out(device);
    rules.goWhen(test, chain);
  }

  private static CalicoRules dropUnknown(CalicoRules rules) {
    return rules.when(rule -> rule.comment("Unknown interface"), "DROP");
  }
}
