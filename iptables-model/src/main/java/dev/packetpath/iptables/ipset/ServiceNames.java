package dev.packetpath.iptables.ipset;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.net.IpProtocol;

/**
 * Ports of well-known services by name, for text that people wrote: {@code ipset save} prints
 * numbers. A fixed list, where ipset asks the node's services file.
 */
final class ServiceNames {
  private static final ImmutableMap<String, Integer> TCP =
      ImmutableMap.<String, Integer>builder()
          .put("ftp", 21)
          .put("ssh", 22)
          .put("telnet", 23)
          .put("smtp", 25)
          .put("domain", 53)
          .put("http", 80)
          .put("kerberos", 88)
          .put("pop3", 110)
          .put("sunrpc", 111)
          .put("imap2", 143)
          .put("snmp", 161)
          .put("bgp", 179)
          .put("ldap", 389)
          .put("https", 443)
          .put("submission", 587)
          .put("ldaps", 636)
          .put("imaps", 993)
          .put("pop3s", 995)
          .put("openvpn", 1194)
          .put("nfs", 2049)
          .put("mysql", 3306)
          .put("postgresql", 5432)
          .buildOrThrow();

  private static final ImmutableMap<String, Integer> UDP =
      ImmutableMap.<String, Integer>builder()
          .put("domain", 53)
          .put("bootps", 67)
          .put("bootpc", 68)
          .put("tftp", 69)
          .put("kerberos", 88)
          .put("sunrpc", 111)
          .put("ntp", 123)
          .put("snmp", 161)
          .put("ldap", 389)
          .put("https", 443)
          .put("ldaps", 636)
          .put("openvpn", 1194)
          .put("nfs", 2049)
          .buildOrThrow();

  private ServiceNames() {}

  /** Returns the port, or -1 if the protocol's list does not have the name. */
  static int find(String name, int protocol) {
    return switch (protocol) {
      case IpProtocol.TCP -> TCP.getOrDefault(name, -1);
      case IpProtocol.UDP -> UDP.getOrDefault(name, -1);
      default -> -1;
    };
  }
}
