package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.syntax.RestoreParser;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Chains of Services, each of which chooses among the chains of endpoints: most as kube-proxy
 * writes them, the others so that they look alike but do something else. Drawn from a seed, also
 * what changes of them.
 */
final class ServiceChains {
  static final int SERVICES = 3;

  /** The number in the address of the first Service. */
  static final int FIRST_SERVICE = 10;

  /** The number in the address of the first endpoint. */
  static final int FIRST_ENDPOINT = 2;

  static final int ENDPOINT_ADDRESSES = 5;

  /** The number in an address from which on nobody sends to them. */
  private static final int UNUSED = 100;

  private static final int MANY = 20;
  private static final int ENOUGH_FOR_AN_INDEX = 30;
  private static final String DISPATCH = "SERVICES";
  private static final String MARKING = "MASQ";

  /** The Service whose rules mostly do not choose as kube-proxy's do. */
  private static final int ODD_CHOICES = 1;

  /** How the endpoints of a Service begin of which many only look like endpoints. */
  private static final String ODD_ENDPOINTS = "SEP-2";

  /** Where in the name of an endpoint's chain the number of its Service is. */
  private static final int SERVICE_OF_ENDPOINT = 4;

  private static final String COMMENT = "-m comment --comment c ";

  private static final String[] FLAGS = {
    "! --syn", "--tcp-flags SYN NONE", "--tcp-flags NONE SYN", "! --tcp-flags NONE NONE"
  };

  private final SplittableRandom random;
  private final IpFamily family;

  /** The rules of each user chain, without its name. */
  private final Map<String, List<String>> rules = new LinkedHashMap<>();

  /** What the endpoints of each Service have in common: what packets they send, and how. */
  private final List<String> sending = new ArrayList<>();

  ServiceChains(SplittableRandom random, IpFamily family) {
    this.random = random;
    this.family = family;
    rules.put(MARKING, List.of("-j MARK --set-xmark 0x4000/0x4000"));
    for (int service = 0; service < SERVICES; service++) {
      sending.add(sending());
    }
    dispatch();
  }

  static String address(IpFamily family, int number) {
    return family == IpFamily.IPV4 ? "10.0.1." + number : "fd00:1::" + Integer.toHexString(number);
  }

  /** Returns the rule set as it is now. */
  Ruleset ruleset() {
    return ruleset(rules.keySet());
  }

  /** Returns the rule set with the rules of some chains alone. */
  private Ruleset ruleset(Set<String> filled) {
    StringBuilder text = new StringBuilder("*nat\n");
    rules.keySet().forEach(chain -> text.append(":%s - [0:0]\n".formatted(chain)));
    for (String base : List.of("PREROUTING", "OUTPUT")) {
      text.append("-A %s -j %s\n".formatted(base, DISPATCH));
    }
    for (String chain : filled) {
      rules.get(chain).forEach(rule -> text.append("-A %s %s\n".formatted(chain, rule)));
    }
    return parse(family, text.append("COMMIT\n").toString());
  }

  static Ruleset parse(IpFamily family, String text) {
    try {
      return RestoreParser.parse("rules", family, new StringReader(text));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** Changes some chains, deletes some that no rule calls any more, and returns what changed. */
  TableUpdate change() {
    Set<String> changed = new LinkedHashSet<>();
    ImmutableSet<String> before = ImmutableSet.copyOf(rules.keySet());
    String service = service(random.nextInt(SERVICES));
    switch (random.nextInt(5)) {
      case 0 -> change(changed, service);
      case 1 -> endpointsOf(service).stream().limit(1).forEach(one -> change(changed, one));
      case 2 -> {
        change(changed, service);
        endpointsOf(service).forEach(one -> change(changed, one));
      }
      case 3 -> change(changed, DISPATCH);
      default -> before.stream().filter(one -> oneIn(6)).forEach(one -> change(changed, one));
    }
    rules.keySet().stream().filter(name -> !before.contains(name)).forEach(changed::add);
    ImmutableSet<String> deleted = random.nextBoolean() ? uncalled(before) : ImmutableSet.of();
    rules.keySet().removeAll(deleted);
    changed.removeAll(deleted);
    ImmutableList<Chain> chains =
        ruleset(changed).tables().get(0).chains().stream()
            .filter(chain -> changed.contains(chain.name()))
            .collect(ImmutableList.toImmutableList());
    return new TableUpdate(TableName.NAT, chains, deleted);
  }

  /** A chain that stays what it is is replaced all the same. */
  private void change(Set<String> changed, String name) {
    changed.add(name);
    if (name.equals(DISPATCH)) {
      dispatch();
    } else if (name.startsWith("SVC")) {
      service(name);
    } else if (name.startsWith("SEP")) {
      endpoint(name);
    }
  }

  private List<String> endpointsOf(String service) {
    List<String> endpoints = new ArrayList<>();
    rules.keySet().stream()
        .filter(name -> name.startsWith("SEP") && calls(service, name))
        .forEach(name -> endpoints.add(random.nextInt(endpoints.size() + 1), name));
    return endpoints;
  }

  private boolean calls(String caller, String name) {
    return rules.getOrDefault(caller, List.of()).stream().anyMatch(rule -> rule.endsWith(name));
  }

  private ImmutableSet<String> uncalled(Set<String> names) {
    return names.stream()
        .filter(name -> name.startsWith("S") && !name.equals(DISPATCH))
        .filter(name -> rules.keySet().stream().noneMatch(caller -> calls(caller, name)))
        .collect(ImmutableSet.toImmutableSet());
  }

  private void dispatch() {
    rules.put(DISPATCH, random.nextBoolean() ? manyCalls() : calls());
  }

  /** Calls the chains of Services as kube-proxy does, so many that an index finds them. */
  private List<String> manyCalls() {
    List<String> calls = new ArrayList<>();
    for (int i = 0; i < ENOUGH_FOR_AN_INDEX; i++) {
      int number = i % SERVICES;
      String to = address(i < SERVICES ? FIRST_SERVICE + number : UNUSED + i);
      String header = "-d %s -p tcp -m tcp --dport 80 ".formatted(to);
      calls.add(random.nextInt(calls.size() + 1), header + "-j " + madeService(number));
    }
    if (oneIn(3)) {
      calls.add("-j " + madeService(random.nextInt(SERVICES)));
    }
    return calls;
  }

  /** Returns the name of a Service's chain, which is made if there is none. */
  private String madeService(int number) {
    String service = service(number);
    if (!rules.containsKey(service)) {
      service(service);
    }
    return service;
  }

  /** Calls the chains of Services in any order, some twice, and perhaps an endpoint's. */
  private List<String> calls() {
    List<String> calls = new ArrayList<>();
    for (int i = 1 + random.nextInt(2 * SERVICES); i > 0; i--) {
      int number = random.nextInt(SERVICES);
      String service = madeService(number);
      String to = "-d %s ".formatted(address(FIRST_SERVICE + number));
      String which = oneIn(3) ? "" : to + (oneIn(3) ? "-p tcp " : "");
      calls.add(which + (oneIn(10) ? "-g " : "-j ") + service);
    }
    if (oneIn(6)) {
      calls.add("-p udp -j " + oneOf(0));
    }
    return calls;
  }

  private void service(String name) {
    int service = name.charAt(name.length() - 1) - '0';
    if (oneIn(3)) {
      sending.set(service, sending());
    }
    List<String> chain = new ArrayList<>();
    between(chain);
    choices(chain, service, endpoints());
    if (random.nextBoolean()) {
      if (random.nextBoolean()) {
        between(chain);
      }
      choices(chain, service, 1 + random.nextInt(3));
    }
    between(chain);
    rules.put(name, chain);
  }

  private int endpoints() {
    return switch (random.nextInt(10)) {
      case 0 -> 0;
      case 1, 2 -> 1;
      case 3, 4 -> MANY;
      default -> 2 + random.nextInt(3);
    };
  }

  private void between(List<String> chain) {
    switch (random.nextInt(30)) {
      case 0 -> {
        for (int port = 80; port < 80 + ENOUGH_FOR_AN_INDEX; port++) {
          chain.add("-p tcp -m tcp --dport %d -j %s".formatted(port, MARKING));
        }
      }
      case 1, 2, 3, 4 -> chain.add("-s %s -j %s".formatted(address(FIRST_ENDPOINT), MARKING));
      case 5, 6, 7, 8 -> chain.add("-p udp -j RETURN");
      case 9, 10, 11, 12 -> chain.add("-j " + MARKING);
      case 13, 14, 15, 16 -> chain.add(COMMENT + "-m mark --mark 0x4000/0x4000");
      default -> {}
    }
  }

  private void choices(List<String> chain, int service, int endpoints) {
    boolean asProxy = service == ODD_CHOICES ? oneIn(3) : !oneIn(6);
    int comments = comments();
    for (int i = 0; i < endpoints; i++) {
      boolean draws = i < endpoints - 1 || oneIn(4);
      String chance =
          draws ? chance(asProxy ? 1.0 / (endpoints - i) : (1 + random.nextInt(3)) / 4.0) : "";
      String endpoint = endpoint(service, i);
      chain.add(
          asProxy || !oneIn(4)
              ? COMMENT.repeat(comments) + chance + "-j " + endpoint
              : other(service, chance, endpoint));
    }
  }

  private static String chance(double probability) {
    return "-m statistic --mode random --probability %s "
        .formatted(Math.round(1_000 * probability) / 1_000.0);
  }

  /** Up to one more than a choice may have. */
  private int comments() {
    return oneIn(12) ? ChoiceCode.MOST_CALLS - 1 + random.nextInt(3) : random.nextInt(3);
  }

  private String other(int service, String chance, String endpoint) {
    return switch (random.nextInt(20)) {
      case 0 -> chance + COMMENT + "-j " + endpoint;
      case 1, 2, 3 -> chance.replace("--prob", "! --prob") + "-j " + endpoint;
      case 4 -> chance + chance + "-j " + endpoint;
      case 5 -> "-m statistic --mode nth --every 3 --packet 1 -j " + endpoint;
      case 6 -> "-m mark --mark 0x4000/0x4000 -j " + endpoint;
      case 7 -> "-p tcp " + chance + "-j " + endpoint;
      case 8 -> "-s %s %s-j %s".formatted(address(FIRST_ENDPOINT), chance, endpoint);
      case 9 -> chance + "-g " + endpoint;
      case 10 -> chance + "-j " + oneOf(random.nextInt(SERVICES));
      case 11 -> chance(0) + "-j " + endpoint;
      case 12 -> chance(1) + "-j " + endpoint;
      case 13 -> chance + "-j " + MARKING;
      case 14, 15, 16, 17, 18 -> chance + "-j " + oneOf(service);
      default -> COMMENT + "-j " + endpoint;
    };
  }

  private static String service(int number) {
    return "SVC-" + number;
  }

  /** Returns the chain of one of a Service's first endpoints. */
  private String oneOf(int service) {
    return endpoint(service, random.nextInt(3));
  }

  /** Returns the chain of an endpoint, which is made if there is none. */
  private String endpoint(int service, int number) {
    String name = "SEP-%d-%c".formatted(service, 'a' + number);
    if (!rules.containsKey(name)) {
      endpoint(name);
    }
    return name;
  }

  private void endpoint(String name) {
    String own = address(FIRST_ENDPOINT + random.nextInt(ENDPOINT_ADDRESSES));
    String sends = oneIn(20) ? sending() : sending.get(name.charAt(SERVICE_OF_ENDPOINT) - '0');
    String port = oneIn(20) ? ":8081" : ":8080";
    List<String> chain = new ArrayList<>();
    chain.add(hairpin(own));
    chain.add(sends + destination(own, port));
    if (oneIn(name.startsWith(ODD_ENDPOINTS) ? 2 : 30)) {
      String other = address(FIRST_ENDPOINT);
      switch (random.nextInt(20)) {
        case 0 -> chain.remove(0);
        case 1 -> chain.set(0, "-j " + MARKING);
        case 2 -> chain.set(0, "! " + chain.get(0));
        case 3 -> chain.set(0, hairpin(other));
        case 4 -> chain.set(0, hairpin(own + "/" + (family.bits() - 2)));
        case 5 -> chain.set(0, "-p tcp " + chain.get(0));
        case 6 -> chain.add("-j RETURN");
        default -> chain.set(1, otherSending(own));
      }
    }
    rules.put(name, chain);
  }

  private String hairpin(String source) {
    String then =
        switch (random.nextInt(6)) {
          case 0 -> "-j RETURN";
          case 1 -> "";
          case 2 -> chance(0.5) + "-j ACCEPT";
          default -> COMMENT + "-j " + MARKING;
        };
    return "-s %s %s".formatted(source, then);
  }

  private String sending() {
    if (random.nextBoolean()) {
      return "-p tcp -m tcp ";
    }
    String protocol = oneIn(4) ? otherProtocol() : "tcp";
    String match = random.nextBoolean() ? "-m " + protocol + " " : "";
    return "-p %s %s%s".formatted(protocol, COMMENT.repeat(comments()), match);
  }

  private String otherSending(String to) {
    String sends = destination(to, ":8080");
    String toOwnPort = "-j DNAT --to-destination " + to;
    return switch (random.nextInt(15)) {
      case 0 -> "-p tcp -j MARK --set-xmark 0x1/0x1";
      case 1 -> "-p tcp -j REDIRECT --to-ports 8080";
      case 2 -> "-p udp -j RETURN";
      case 3 -> "-p tcp -j ACCEPT";
      case 4 -> "-p tcp " + toOwnPort;
      case 5 -> toOwnPort;
      case 6 -> "-p %s %s".formatted(family == IpFamily.IPV4 ? "icmp" : "icmpv6", toOwnPort);
      case 7, 8, 9, 10 ->
          "-p tcp -m tcp %s ".formatted(FLAGS[random.nextInt(FLAGS.length)]) + sends;
      case 11 -> "-p tcp -m tcp --dport 80 " + sends;
      case 12 -> "-p udp -m udp ! --sport 1024:30000 " + sends;
      case 13 -> "-p tcp -i eth0 " + sends;
      default -> "-p tcp " + chance(0.5) + sends;
    };
  }

  private String destination(String address, String port) {
    return "-j DNAT --to-destination "
        + (family == IpFamily.IPV4 ? address : "[%s]".formatted(address))
        + port;
  }

  private String otherProtocol() {
    return random.nextBoolean() ? "sctp" : "udp";
  }

  private String address(int number) {
    return address(family, number);
  }

  private boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }
}
