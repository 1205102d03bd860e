package dev.packetpath.cli.ipvs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.Disposition;
import dev.packetpath.ipvs.Ipvs;
import dev.packetpath.ipvs.IpvsConnection;
import dev.packetpath.ipvs.KernelFlavour;
import dev.packetpath.ipvs.ServerSpec;
import dev.packetpath.ipvs.ServiceKey;
import dev.packetpath.ipvs.ServiceSpec;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One scenario: a service whose servers change while connections come and go. */
final class ScenarioRun {
  /** The kernel of the recordings ticks so often a second, unless a scenario says otherwise. */
  private static final int TICKS_PER_SECOND = 100;

  private static final int MOST_TICKS_PER_SECOND = 1000;

  /**
   * The recordings' clock stood still while an answer was seen at once, and ran only while they
   * waited in vain: for a packet that nobody answered or got.
   */
  private static final long VAIN_WAIT_NS = VirtualClock.NS_PER_SECOND / 20;

  /** The recordings look at the end so long after the last step. */
  private static final double SECONDS_TO_END = 3;

  private static final double MOST_SECONDS = 1e9;

  /** What a recording adds to each step; of {@code expired} a sleep's is read, too. */
  private static final ImmutableList<String> RESULTS =
      ImmutableList.of("got", "state", "expires", "wire", "templates", "dests");

  private static final ImmutableSet<String> OF_SERVER =
      ImmutableSet.of("op", "rs", "w", "fwd", "u", "l", "note");

  private static final ImmutableSet<String> OF_SLEEP =
      ImmutableSet.of("op", "s", "expired", "note");

  private final Place place;
  private final ObjectNode scenario;
  private final VirtualClock clock = new VirtualClock();
  private final SeededDecisions decisions;
  private final Ipvs ipvs;
  private final ServiceSpec spec;
  private final ScenarioPackets packets;
  private final Set<Integer> begun = new TreeSet<>();
  private ImmutableList<String> wire = ImmutableList.of();
  private long packetsSent;

  ScenarioRun(Place place, JsonNode json, KernelFlavour kernel) {
    this.place = place;
    this.scenario = place.object(json);
    this.decisions = new SeededDecisions(json.path("seed").asLong());
    this.ipvs =
        new Ipvs(
            SysctlJson.settings(place, scenario)
                .withTicksPerSecond(startClock(json.path("ticks")))
                .withFlavour(kernel),
            clock,
            decisions,
            new Work());
    ObjectNode service = place.object(json, "service");
    this.spec = ServiceJson.service(place, service);
    Optional<IpPrefix> markedNetwork = Optional.empty();
    if (service.has("net")) {
      markedNetwork = Optional.of(place.parse(service, "net", IpPrefix::parse));
      if (!(spec.key() instanceof ServiceKey.Marked)) {
        throw place.error("\"net\" of " + spec.key(), "\"kind\": \"fwm\" for it");
      }
    }
    this.packets = new ScenarioPackets(spec.key(), markedNetwork);
    ipvs.add(spec);
  }

  /**
   * Sets the clock to the kernel's count of ticks at the scenario's begin, if that was recorded, as
   * it decides how late timers fire.
   *
   * @return how often the kernel ticks in a second
   */
  private int startClock(JsonNode ticks) {
    int perSecond = place.number(ticks, "hz", TICKS_PER_SECOND);
    if (perSecond < 1 || perSecond > MOST_TICKS_PER_SECOND) {
      throw place.error("\"hz\": " + perSecond, "1 to " + MOST_TICKS_PER_SECOND);
    }
    long before = place.number(ticks, "at", 0);
    if (before < 0) {
      throw place.error("\"at\": " + before, "0 or more ticks");
    }
    clock.advanceTo(before * (VirtualClock.NS_PER_SECOND / perSecond));
    return perSecond;
  }

  /** Runs the steps and puts into each what is seen after it. */
  void fillIn() {
    int number = 0;
    for (JsonNode json : place.array(scenario, "steps")) {
      number++;
      Place at = place.in("step", "" + number);
      ObjectNode step = at.object(json);
      step.remove(RESULTS);
      run(at, step);
      ipvs.advance();
      if (step.has("cid")) {
        showConnection(step, connection(packets.first(at, step)));
      }
      if (spec.persistence().isPresent()) {
        step.set("templates", StateJson.templates(ipvs, clock.nowNs()));
      }
      ipvs.find(spec.key()).ifPresent(now -> step.set("dests", StateJson.servers(now)));
    }
    ipvs.onlyExpiring(connection -> true);
    pass(SECONDS_TO_END);
    scenario.set("final", StateJson.end(ipvs, clock.nowNs()));
  }

  private void run(Place at, ObjectNode step) {
    String operation = at.text(step, "op");
    ServiceKey key = spec.key();
    switch (operation) {
      case "add" -> {
        at.only(step, OF_SERVER);
        ServerSpec server = ServiceJson.server(at, key, step);
        at.run(() -> ipvs.addServer(key, server), "server " + server);
      }
      case "edit" -> {
        at.only(step, OF_SERVER);
        ServerSpec server = ServiceJson.server(at, key, step);
        at.run(() -> ipvs.editServer(key, server), "server " + server);
      }
      case "del" -> {
        at.only(step, OF_SERVER);
        SocketAddress server = at.parse(step, "rs", SocketAddress::parse);
        at.run(() -> ipvs.removeServer(key, server.address(), server.port()), "server " + server);
      }
      case "new" -> fromClient(step, packets.begin(at, step));
      case "pkt" -> proceed(at, step);
      case "sleep" -> sleep(at, step);
      case "sysctl" -> ipvs.settings(SysctlJson.changed(at, ipvs.settings(), step));
      default ->
          throw at.error(
              "\"op\": \"" + operation + "\"", "add, edit, del, new, pkt, sleep or sysctl");
    }
  }

  private void fromClient(ObjectNode step, Packet packet) {
    decisions.startPacket(packetsSent++);
    Disposition disposition = ipvs.fromClient(packet, false);
    wire = Wire.of(packet, disposition, ipvs.connection());
    if (disposition == Disposition.FORWARD) {
      step.put("got", StateJson.server(ipvs.connection()));
    } else if (wire.isEmpty()) {
      clock.advanceTo(clock.nowNs() + VAIN_WAIT_NS);
    } else if (disposition == Disposition.PASS && packet.protocol() == IpProtocol.TCP) {
      // ip_vs takes it for an answer of a server that answers for itself.
      ipvs.fromServer(ScenarioPackets.reset(packet));
    }
  }

  /** The connection as the recordings find it: the newest between these ends. */
  private IpvsConnection connection(Packet first) {
    return ipvs.lookUp(first);
  }

  private void proceed(Place at, ObjectNode step) {
    Packet packet = packets.next(at, step);
    String direction = step.path("dir").asText("in");
    switch (direction) {
      case "in" -> fromClient(step, packet);
      case "out" -> fromServer(packet, connection(packet));
      default -> throw at.error("\"dir\": \"" + direction + "\"", "in or out");
    }
  }

  private void fromServer(Packet packet, IpvsConnection connection) {
    if (connection.exists()) {
      ipvs.fromServer(ScenarioPackets.answer(packet, connection));
    }
  }

  private void showConnection(ObjectNode step, IpvsConnection connection) {
    if (connection.isLive()) {
      begun.add(step.path("cid").asInt());
      step.put("got", StateJson.server(connection));
      step.put("state", connection.stateName());
      step.put("expires", connection.expiresInSeconds(clock.nowNs()));
    } else if (!step.has("got")) {
      step.putNull("got");
    }
    boolean fromClient = !step.path("dir").asText("in").equals("out");
    boolean told = connection.isLive() && StateJson.isMasqueraded(connection);
    if (fromClient && !told) {
      ArrayNode lines = step.putArray("wire");
      wire.forEach(lines::add);
    }
  }

  /** Lets time pass; a list of what had ended by then is believed more than our timers. */
  private void sleep(Place at, ObjectNode step) {
    at.only(step, OF_SLEEP);
    double seconds = at.parse(step, "s", Double::parseDouble);
    if (!(seconds >= 0 && seconds <= MOST_SECONDS)) {
      throw at.error("\"s\": " + seconds, "0 to " + (long) MOST_SECONDS + " seconds");
    }
    Map<Integer, IpvsConnection> before = live();
    if (step.has("expired")) {
      Set<IpvsConnection> over = new HashSet<>();
      for (JsonNode cid : at.array(step, "expired")) {
        over.add(before.getOrDefault(cid.intValue(), IpvsConnection.NONE));
      }
      ipvs.onlyExpiring(connection -> connection.isTemplate() || over.contains(connection));
      pass(seconds);
      over.forEach(ipvs::expire);
      return;
    }
    ipvs.onlyExpiring(connection -> true);
    pass(seconds);
    Map<Integer, IpvsConnection> after = live();
    ArrayNode expired = step.putArray("expired");
    begun.stream().filter(cid -> !after.containsKey(cid)).forEach(expired::add);
  }

  private void pass(double seconds) {
    clock.advanceTo(clock.nowNs() + (long) (seconds * VirtualClock.NS_PER_SECOND));
    ipvs.advance();
  }

  private Map<Integer, IpvsConnection> live() {
    Map<Integer, IpvsConnection> live = new TreeMap<>();
    packets.forEachFirst(
        (cid, first) -> {
          IpvsConnection connection = connection(first);
          if (connection.exists()) {
            live.put(cid, connection);
          }
        });
    return live;
  }
}
