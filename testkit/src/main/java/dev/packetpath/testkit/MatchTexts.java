package dev.packetpath.testkit;

import dev.packetpath.core.Hook;
import java.util.Set;

/**
 * Conditions of generated rules, as text: everything whose answer the rules, the packets and their
 * times determine, so that a kernel and a model can be compared.
 */
final class MatchTexts {
  private final Draw draw;
  private final TimedTexts timed;
  private final RulesetTexts.Theme theme;

  MatchTexts(Draw draw, RulesetTexts.Theme theme) {
    this.draw = draw;
    this.timed = new TimedTexts(draw);
    this.theme = theme;
  }

  /** What a rule asks of the header, with the protocol that its matches may count on. */
  record Header(String text, String protocol) {}

  Header header(Set<Hook> hooks, boolean baseChain) {
    StringBuilder text = new StringBuilder();
    if (draw.percent(35)) {
      text.append(draw.not()).append("-s ").append(draw.addressOrPrefix()).append(' ');
    }
    if (draw.percent(40)) {
      text.append(draw.not()).append("-d ").append(draw.addressOrPrefix()).append(' ');
    }
    boolean in = hooks.stream().noneMatch(hook -> hook == Hook.OUTPUT || hook == Hook.POSTROUTING);
    boolean out = hooks.stream().noneMatch(hook -> hook == Hook.PREROUTING || hook == Hook.INPUT);
    if (draw.percent(12) && (in || !baseChain)) {
      text.append(draw.not()).append("-i ").append(device()).append(' ');
    }
    if (draw.percent(12) && (out || !baseChain)) {
      text.append(draw.not()).append("-o ").append(device()).append(' ');
    }
    String protocol = "";
    if (draw.percent(60)) {
      protocol = draw.pick("tcp", "tcp", "udp", "udp", draw.isV4() ? "icmp" : "ipv6-icmp", "sctp");
      text.append("-p ").append(protocol).append(' ');
    } else if (draw.percent(10)) {
      text.append("! -p ").append(draw.pick("tcp", "udp")).append(' ');
    }
    if (draw.isV4() && draw.percent(3)) {
      text.append(draw.not()).append("-f ");
    }
    return new Header(text.toString(), protocol);
  }

  private String device() {
    return draw.pick("eth0", "eth1", "eth+", "lo", "nowhere");
  }

  String matches(String protocol, Set<Hook> hooks) {
    StringBuilder text = new StringBuilder();
    if (!protocol.isEmpty() && draw.percent(55)) {
      text.append(ofProtocol(protocol));
    }
    while (draw.percent(40)) {
      boolean ofTime = theme == RulesetTexts.Theme.TIME && draw.percent(60);
      text.append(ofTime ? timed.match() : anywhere(hooks));
    }
    return text.toString();
  }

  private String ofProtocol(String protocol) {
    return switch (protocol) {
      case "tcp" ->
          draw.percent(30)
              ? multiport()
              : "-m tcp " + draw.pick(ports(), ports(), flags(), ports() + flags(), option());
      case "udp" -> draw.percent(30) ? multiport() : "-m udp " + ports();
      case "sctp" -> "-m sctp " + ports();
      case "icmp" ->
          "-m icmp "
              + draw.not()
              + "--icmp-type "
              + draw.pick("8", "0", "3", "3/1", "11", "any")
              + " ";
      default ->
          "-m icmp6 "
              + draw.not()
              + "--icmpv6-type "
              + draw.pick("128", "129", "1", "1/3", "3")
              + " ";
    };
  }

  private String ports() {
    String destination = draw.not() + "--dport " + draw.portOrRange() + " ";
    return draw.percent(70)
        ? destination
        : draw.not() + "--sport " + draw.portOrRange() + " " + destination;
  }

  private String flags() {
    return draw.percent(50)
        ? draw.not() + "--syn "
        : draw.not()
            + "--tcp-flags "
            + draw.pick(
                "SYN,ACK,FIN,RST SYN", "ALL NONE", "SYN,FIN SYN,FIN", "ACK,PSH ACK", "RST RST")
            + " ";
  }

  private String option() {
    return draw.not() + "--tcp-option " + draw.pick("2", "8") + " ";
  }

  private String multiport() {
    return "-m multiport "
        + draw.not()
        + draw.pick("--dports ", "--sports ", "--ports ")
        + draw.pick("80,443", "20000:20004,53", "22,53,80:443,8080", "1:65535", "30080")
        + " ";
  }

  private String anywhere(Set<Hook> hooks) {
    return switch (draw.below(21)) {
      case 0, 1 -> "-m conntrack " + draw.not() + "--ctstate " + states() + " ";
      case 2 -> "-m conntrack " + conntrack() + " ";
      case 3 ->
          "-m state "
              + draw.not()
              + "--state "
              + draw.pick("NEW", "ESTABLISHED,RELATED", "INVALID", "UNTRACKED")
              + " ";
      case 4, 5 -> "-m mark " + draw.not() + "--mark " + draw.mark() + " ";
      case 6 -> "-m connmark " + draw.not() + "--mark " + draw.mark() + " ";
      case 7, 8 -> "-m set " + draw.not() + "--match-set " + set() + " ";
      case 9 -> "-m addrtype " + addressType(hooks) + " ";
      case 10 ->
          "-m statistic --mode nth --every "
              + draw.pick("2 --packet 0", "2 --packet 1", "3 --packet 2")
              + " ";
      case 11 -> "-m comment --comment \"c " + draw.below(9) + "\" ";
      case 12 ->
          "-m length " + draw.not() + "--length " + draw.pick("0:60", "40", "50:70", "28:") + " ";
      case 13 ->
          draw.isV4()
              ? "-m ttl "
                  + draw.pick("--ttl-eq 64", "--ttl-gt 10", "--ttl-lt 64", "! --ttl-eq 63")
                  + " "
              : "-m hl "
                  + draw.pick("--hl-eq 64", "--hl-gt 10", "--hl-lt 64", "! --hl-eq 63")
                  + " ";
      case 14 ->
          "-m tos "
              + draw.not()
              + "--tos "
              + draw.pick("0x10/0x3f", "0x00/0xff", "0x20/0xe0")
              + " ";
      case 15 -> "-m dscp " + draw.not() + "--dscp " + draw.pick("0x0a", "0x00", "0x2e") + " ";
      case 16 -> "-m iprange " + draw.not() + ranges() + " ";
      case 17 ->
          "-m pkttype "
              + draw.not()
              + "--pkt-type "
              + draw.pick("unicast", "broadcast", "multicast")
              + " ";
      case 18 ->
          "-m u32 "
              + draw.not()
              + "--u32 \""
              + draw.pick("0>>22&0x3C@0>>16=20000:20003", "6&0xFF=6", "4&0x1FFF=0", "0>>28=4:6")
              + "\" ";
      case 19 ->
          "-m string --algo "
              + draw.pick("bm", "kmp")
              + " "
              + draw.not()
              + "--string "
              + draw.pick("xx", "xxxxxxxx", "yy")
              + draw.pick(" ", " --to 40 ", " --from 30 ");
      default ->
          "-m recent --name r"
              + draw.below(2)
              + " "
              + draw.pick(
                  "--set",
                  "--rcheck",
                  "--update",
                  "--rcheck --hitcount 2",
                  "--remove",
                  "! --rcheck")
              + draw.pick(" ", " --rdest ");
    };
  }

  private String states() {
    return draw.pick(
        "NEW",
        "ESTABLISHED",
        "RELATED,ESTABLISHED",
        "INVALID",
        "UNTRACKED",
        "DNAT",
        "SNAT",
        "NEW,DNAT");
  }

  private String conntrack() {
    return switch (draw.below(6)) {
      case 0 -> "--ctdir " + draw.pick("ORIGINAL", "REPLY");
      case 1 -> draw.not() + "--ctproto " + draw.pick("tcp", "udp");
      case 2 ->
          draw.not()
              + draw.pick("--ctorigsrc ", "--ctorigdst ", "--ctreplsrc ", "--ctrepldst ")
              + draw.address();
      case 3 ->
          draw.not()
              + "--ctstatus "
              + draw.pick("SEEN_REPLY", "ASSURED", "CONFIRMED", "NONE", "SEEN_REPLY,ASSURED");
      case 4 ->
          draw.not()
              + draw.pick(
                  "--ctorigsrcport ", "--ctorigdstport ", "--ctreplsrcport ", "--ctrepldstport ")
              + draw.portOrRange();
      default ->
          draw.not() + "--ctstate " + states() + " --ctdir " + draw.pick("ORIGINAL", "REPLY");
    };
  }

  private String set() {
    String suffix = draw.isV4() ? "" : "6";
    return switch (draw.below(5)) {
      case 0 -> "ips" + suffix + " " + draw.pick("src", "dst");
      case 1 ->
          "nets" + suffix + " " + draw.pick("src", "dst") + draw.pick("", "", " --return-nomatch");
      case 2 -> "ports" + suffix + " " + draw.pick("src,src", "dst,dst", "src,dst");
      case 3 -> draw.isV4() ? "bits " + draw.pick("src", "dst") : "ips6 src";
      default -> "list" + suffix + " " + draw.pick("src", "dst");
    };
  }

  private String addressType(Set<Hook> hooks) {
    String text =
        draw.not()
            + draw.pick("--src-type ", "--dst-type ")
            + draw.pick("LOCAL", "UNICAST", "MULTICAST", "LOCAL,UNICAST");
    boolean in = hooks.stream().allMatch(hook -> hook == Hook.PREROUTING || hook == Hook.INPUT);
    return in && draw.isV4() && draw.percent(20) ? text + " --limit-iface-in" : text;
  }

  private String ranges() {
    return draw.isV4()
        ? draw.pick(
            "--src-range 10.0.1.1-10.0.1.3",
            "--dst-range 10.0.2.0-10.2.0.9",
            "--dst-range 10.96.0.1-10.96.0.2")
        : draw.pick("--src-range fd00:1::1-fd00:1::3", "--dst-range fd00:2::-fd02::9");
  }
}
