package dev.packetpath.kubernetes.proxy.iptables;

import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.kubernetes.text.RuleWriter;
import java.util.List;

/**
 * The rules about the marks of kube-proxy and kubelet, the same in iptables and in IPVS mode: what
 * is marked gets the node's source address, or is dropped.
 *
 * @param brief whether one rule masquerades and leaves the mark, and whether established
 *     connections are accepted by Pod address (up to 1.18)
 */
public record MasqueradeRules(boolean brief) {
  /** The chain that gives traffic the node's source address. */
  public static final String POSTROUTING = ChainNames.POSTROUTING;

  /** The chain that marks traffic that shall get it. */
  public static final String MARK_MASQ = ChainNames.MARK_MASQ;

  /** The chain that marks traffic that shall be dropped, kubelet's, up to 1.24. */
  public static final String MARK_DROP = ChainNames.MARK_DROP;

  /** {@code masqueradeBit} 14. */
  private static final int MASQUERADE = 0x4000;

  private static final int DROP = 0x8000;

  /** Returns the rules of a release. */
  public static MasqueradeRules of(KubeVersion version) {
    return new MasqueradeRules(!version.atLeast(19));
  }

  /** Writes the rules of {@link #POSTROUTING}. */
  public void postrouting(String chain, RuleWriter rules) {
    String snat = "kubernetes service traffic requiring SNAT";
    if (brief) {
      rules.append(chain).comment(snat).marked(MASQUERADE).jump("MASQUERADE");
      return;
    }
    String mark = RuleWriter.hex(MASQUERADE);
    rules.append(chain).match("mark ! --mark " + mark + "/" + mark).jump("RETURN");
    rules
        .append(chain)
        .target("MARK --xor-mark " + sent(MASQUERADE), "MARK --set-xmark " + mark + "/0x0");
    rules.append(chain).comment(snat).jump("MASQUERADE --random-fully");
  }

  /** Writes the rule of {@link #MARK_MASQ}. */
  public void mark(String chain, RuleWriter rules) {
    setMark(rules.append(chain), MASQUERADE);
  }

  /** Writes the rule of {@link #MARK_DROP}. */
  public static void markDrop(String chain, RuleWriter rules) {
    setMark(rules.append(chain), DROP);
  }

  private static void setMark(RuleWriter rule, int bits) {
    String mark = RuleWriter.hex(bits);
    rule.target("MARK --or-mark " + sent(bits), "MARK --set-xmark " + mark + "/" + mark);
  }

  /** Returns a mark as Go's {@code %#08x} writes it. */
  private static String sent(int bits) {
    return String.format("0x%06x", bits);
  }

  /** Writes the rule that drops what {@link #MARK_DROP} marked. */
  public static void dropMarked(String chain, RuleWriter rules) {
    rules
        .append(chain)
        .comment("kubernetes firewall for dropping marked packets")
        .marked(DROP)
        .jump("DROP");
  }

  /** Writes the rule that lets traffic pass that shall get the node's source address. */
  public void forwardMarked(String chain, RuleWriter rules) {
    rules.append(chain).comment("kubernetes forwarding rules").marked(MASQUERADE).jump("ACCEPT");
  }

  /** Writes the rules that let traffic of established connections pass. */
  public void forwardEstablished(String chain, ProxyNode node, RuleWriter rules) {
    String conntrack = "kubernetes forwarding conntrack ";
    if (!brief) {
      established(rules.append(chain).comment(conntrack + "rule"));
      return;
    }
    List<IpPrefix> podCidrs =
        node.cluster().podCidrs().stream()
            .filter(podCidr -> podCidr.family() == node.family())
            .toList();
    for (IpPrefix podCidr : podCidrs) {
      established(rules.append(chain).source(podCidr).comment(conntrack + "pod source rule"));
      established(
          rules.append(chain).comment(conntrack + "pod destination rule").destination(podCidr));
    }
  }

  private static void established(RuleWriter rule) {
    rule.match("conntrack --ctstate RELATED,ESTABLISHED").jump("ACCEPT");
  }
}
