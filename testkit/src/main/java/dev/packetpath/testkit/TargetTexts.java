package dev.packetpath.testkit;

import dev.packetpath.core.Hook;
import dev.packetpath.iptables.TableName;
import java.util.Set;

/** Actions of generated rules, as text, that a table takes at all hooks that reach the rule. */
final class TargetTexts {
  private final Draw draw;
  private final TimedTexts timed;
  private final RulesetTexts.Theme theme;

  TargetTexts(Draw draw, RulesetTexts.Theme theme) {
    this.draw = draw;
    this.timed = new TimedTexts(draw);
    this.theme = theme;
  }

  /** Returns an action; "" is a rule that only counts. */
  String target(TableName table, Set<Hook> hooks, String protocol) {
    if (draw.percent(6)) {
      return "";
    }
    if (theme == RulesetTexts.Theme.TIME && table == TableName.MANGLE && draw.percent(25)) {
      return timed.target();
    }
    if (draw.percent(12)) {
      return draw.pick(
          "-j RETURN", "-j ACCEPT", "-j LOG --log-prefix \"x \"", "-j NFLOG --nflog-group 5");
    }
    return switch (table) {
      case RAW ->
          draw.pick(
              "-j CT --notrack",
              "-j NOTRACK",
              "-j CT --zone 1",
              "-j DROP",
              "-j TRACE",
              "-j ACCEPT");
      case MANGLE -> mangle(hooks, protocol);
      case NAT -> nat(hooks, protocol);
      case FILTER, SECURITY ->
          table == TableName.FILTER && draw.percent(45)
              ? reject(protocol)
              : draw.pick("-j DROP", "-j ACCEPT");
    };
  }

  private String mangle(Set<Hook> hooks, String protocol) {
    return switch (draw.below(9)) {
      case 0, 1 ->
          "-j MARK "
              + draw.pick(
                  "--set-mark 0x1",
                  "--set-xmark 0x10/0xf0",
                  "--or-mark 0x4000",
                  "--and-mark 0xfffffffe",
                  "--xor-mark 0x3");
      case 2, 3 ->
          "-j CONNMARK "
              + draw.pick(
                  "--set-mark 0x1",
                  "--set-xmark 0x4000/0x4000",
                  "--save-mark",
                  "--restore-mark",
                  "--save-mark --nfmask 0xff --ctmask 0xff",
                  "--restore-mark --mask 0xf0");
      case 4 -> "-j TOS " + draw.pick("--set-tos 0x10/0x3f", "--or-tos 0x20", "--and-tos 0xe0");
      case 5 -> "-j DSCP --set-dscp " + draw.pick("0x0a", "0x2e");
      case 6 ->
          draw.isV4()
              ? "-j TTL " + draw.pick("--ttl-set 50", "--ttl-inc 3", "--ttl-dec 2")
              : "-j HL " + draw.pick("--hl-set 50", "--hl-inc 3", "--hl-dec 2");
      case 7 ->
          protocol.equals("tcp") && draw.percent(50)
              ? "-j DROP"
              : "-j SET --add-set "
                  + draw.pick("learned", "learned")
                  + (draw.isV4() ? "" : "6")
                  + draw.pick(" src", " dst")
                  + " --exist";
      default ->
          hooks.contains(Hook.PREROUTING) || hooks.contains(Hook.INPUT)
              ? "-j DROP"
              : "-j CLASSIFY --set-class 1:2";
    };
  }

  private String nat(Set<Hook> hooks, String protocol) {
    boolean ports = protocol.equals("tcp") || protocol.equals("udp") || protocol.equals("sctp");
    String port = ports && draw.percent(60) ? ":" + draw.port() : "";
    boolean destination =
        hooks.stream().allMatch(hook -> hook == Hook.PREROUTING || hook == Hook.OUTPUT);
    boolean source =
        hooks.stream().allMatch(hook -> hook == Hook.POSTROUTING || hook == Hook.INPUT);
    if (destination) {
      return switch (draw.below(8)) {
        case 0 -> "-j REDIRECT" + (ports && draw.percent(60) ? " --to-ports 9090" : "");
        case 1 -> "-j NETMAP --to " + (draw.isV4() ? "10.2.0.0/28" : "fd02::/124");
        case 2 -> "-j MARK --or-mark 0x4000";
        default -> "-j DNAT --to-destination " + withPort(draw.address(), port);
      };
    }
    if (source) {
      boolean onlyOut = !hooks.contains(Hook.INPUT);
      return switch (draw.below(6)) {
        case 0, 1 -> onlyOut ? "-j MASQUERADE" : "-j ACCEPT";
        case 2 -> "-j NETMAP --to " + (draw.isV4() ? "10.0.2.4/31" : "fd00:2::4/127");
        default -> "-j SNAT --to-source " + draw.address();
      };
    }
    return "-j ACCEPT";
  }

  private String withPort(String address, String port) {
    return draw.isV4() || port.isEmpty() ? address + port : "[" + address + "]" + port;
  }

  private String reject(String protocol) {
    if (protocol.equals("tcp") && draw.percent(60)) {
      return "-j REJECT --reject-with tcp-reset";
    }
    return "-j REJECT --reject-with "
        + (draw.isV4()
            ? draw.pick(
                "icmp-port-unreachable",
                "icmp-net-unreachable",
                "icmp-host-prohibited",
                "icmp-admin-prohibited")
            : draw.pick(
                "icmp6-port-unreachable",
                "icmp6-no-route",
                "icmp6-adm-prohibited",
                "icmp6-addr-unreachable"));
  }
}
