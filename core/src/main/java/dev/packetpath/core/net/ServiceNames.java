package dev.packetpath.core.net;

import static java.util.Map.entry;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * Ports of well-known services by name, as {@code /etc/services} of Debian 12 (package netbase)
 * gives them, for text that people wrote: the tools themselves print numbers. A fixed list of those
 * met in rules, where the tools ask the node's own file.
 */
public final class ServiceNames {
  /** What is returned for a name that is not in the list. */
  public static final int UNKNOWN = -1;

  private static final ImmutableMap<String, Service> SERVICES =
      ImmutableMap.copyOf(
          Map.ofEntries(
              tcpAndUdp("echo", 7),
              tcpAndUdp("discard", 9),
              tcp("ftp-data", 20),
              tcp("ftp", 21),
              tcp("ssh", 22),
              tcp("telnet", 23),
              tcp("smtp", 25),
              tcpAndUdp("time", 37),
              tcpAndUdp("domain", 53),
              udp("bootps", 67),
              udp("bootpc", 68),
              udp("tftp", 69),
              tcp("http", 80),
              tcp("www", 80),
              tcpAndUdp("kerberos", 88),
              tcp("pop3", 110),
              tcpAndUdp("sunrpc", 111),
              tcp("auth", 113),
              tcp("nntp", 119),
              tcp("ident", 113),
              udp("ntp", 123),
              udp("netbios-ns", 137),
              udp("netbios-dgm", 138),
              tcp("netbios-ssn", 139),
              tcp("imap2", 143),
              tcp("imap", 143),
              tcpAndUdp("snmp", 161),
              tcpAndUdp("snmp-trap", 162),
              tcp("bgp", 179),
              tcpAndUdp("ldap", 389),
              tcpAndUdp("https", 443),
              tcp("microsoft-ds", 445),
              udp("isakmp", 500),
              tcpAndUdp("syslog", 514),
              tcpAndUdp("rtsp", 554),
              tcp("submission", 587),
              tcp("ipp", 631),
              tcpAndUdp("ldaps", 636),
              tcp("rsync", 873),
              tcp("telnets", 992),
              tcp("imaps", 993),
              tcp("pop3s", 995),
              tcpAndUdp("openvpn", 1194),
              tcpAndUdp("radius", 1812),
              tcpAndUdp("radius-acct", 1813),
              tcpAndUdp("nfs", 2049),
              tcp("mysql", 3306),
              tcp("ms-wbt-server", 3389),
              tcp("svn", 3690),
              tcpAndUdp("sip", 5060),
              tcpAndUdp("sip-tls", 5061),
              udp("mdns", 5353),
              tcp("postgresql", 5432),
              tcp("x11", 6000),
              tcp("redis", 6379),
              tcp("http-alt", 8080),
              tcp("git", 9418)));

  private ServiceNames() {}

  private record Service(int port, boolean tcp, boolean udp) {}

  private static Map.Entry<String, Service> tcp(String name, int port) {
    return entry(name, new Service(port, true, false));
  }

  private static Map.Entry<String, Service> udp(String name, int port) {
    return entry(name, new Service(port, false, true));
  }

  private static Map.Entry<String, Service> tcpAndUdp(String name, int port) {
    return entry(name, new Service(port, true, true));
  }

  /** Returns the port of a name over any protocol, or {@link #UNKNOWN}. */
  public static int find(String name) {
    Service service = SERVICES.get(name);
    return service == null ? UNKNOWN : service.port;
  }

  /** Returns the port of a name over a protocol, or {@link #UNKNOWN}. */
  public static int find(String name, int protocol) {
    Service service = SERVICES.get(name);
    if (service == null) {
      return UNKNOWN;
    }
    boolean known =
        switch (protocol) {
          case IpProtocol.TCP -> service.tcp;
          case IpProtocol.UDP -> service.udp;
          default -> false;
        };
    return known ? service.port : UNKNOWN;
  }
}
