package dev.packetpath.iptables.match;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.iptables.syntax.Numbers;
import dev.packetpath.iptables.syntax.OptionValues;

/** Ports as text: a number, or one of the service names that people write by hand. */
public final class Ports {
  private static final ImmutableMap<String, Integer> NAMES =
      ImmutableMap.<String, Integer>builder()
          .put("ftp-data", 20)
          .put("ftp", 21)
          .put("ssh", 22)
          .put("telnet", 23)
          .put("smtp", 25)
          .put("domain", 53)
          .put("bootps", 67)
          .put("bootpc", 68)
          .put("tftp", 69)
          .put("http", 80)
          .put("www", 80)
          .put("pop3", 110)
          .put("sunrpc", 111)
          .put("auth", 113)
          .put("ident", 113)
          .put("ntp", 123)
          .put("netbios-ns", 137)
          .put("netbios-dgm", 138)
          .put("netbios-ssn", 139)
          .put("imap2", 143)
          .put("imap", 143)
          .put("snmp", 161)
          .put("snmp-trap", 162)
          .put("bgp", 179)
          .put("ldap", 389)
          .put("https", 443)
          .put("microsoft-ds", 445)
          .put("isakmp", 500)
          .put("syslog", 514)
          .put("submission", 587)
          .put("ldaps", 636)
          .put("imaps", 993)
          .put("pop3s", 995)
          .put("openvpn", 1194)
          .put("nfs", 2049)
          .put("mysql", 3306)
          .put("ms-wbt-server", 3389)
          .put("svn", 3690)
          .put("postgresql", 5432)
          .buildOrThrow();

  private Ports() {}

  /** Returns the port that a word of an option holds. */
  public static int read(OptionValues options, OptionValues.Given given, String text) {
    Integer named = NAMES.get(text);
    if (named != null) {
      return named;
    }
    long port = Numbers.parse(text);
    if (port < 0 || port > 0xffff) {
      throw options.error(given, "\"" + text + "\"", "a port 0 to 65535");
    }
    return (int) port;
  }
}
