package dev.packetpath.cli.ipvs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
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

  private static final ImmutableSet<String> OF_PACKET =
      ImmutableSet.of("op", "cid", "src", "dst", "proto", "flags", "dir", "chunk", "note");

  private static final ImmutableSet<String> OF_SLEEP =
      ImmutableSet.of("op", "s", "expired", "note");

  private static final int SCTP_INIT = 1;
  private static final byte SCTP_INIT_LENGTH = 20;
  private static final byte SCTP_CHUNK_LENGTH = 4;
  private static final byte[] ONE_BYTE = {'x'};

  private final Place place;
  private final ObjectNode scenario;
  private final VirtualClock clock = new VirtualClock();
  private final SeededDecisions decisions;
  private final Ipvs ipvs;
  private final ServiceSpec spec;
  private final Optional<IpPrefix> markedNetwork;
  private final Map<Integer, Packet> firstPackets = new TreeMap<>();
  private final Set<Integer> begun = new TreeSet<>();
  private ImmutableList<String> wire = ImmutableList.of();
  private long packets;

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
    this.markedNetwork =
        service.has("net")
            ? Optional.of(place.parse(service, "net", IpPrefix::parse))
            : Optional.empty();
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
        showConnection(step, connection(firstPacket(at, step)));
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
      case "new" -> begin(at, step);
      case "pkt" -> proceed(at, step);
      case "sleep" -> sleep(at, step);
      case "sysctl" -> ipvs.settings(SysctlJson.changed(at, ipvs.settings(), step));
      default ->
          throw at.error(
              "\"op\": \"" + operation + "\"", "add, edit, del, new, pkt, sleep or sysctl");
    }
  }

  private void begin(Place at, ObjectNode step) {
    at.only(step, OF_PACKET);
    SocketAddress source = at.parse(step, "src", SocketAddress::parse);
    SocketAddress destination = at.parse(step, "dst", SocketAddress::parse);
    if (source.address().family() != destination.address().family()) {
      throw at.error("\"src\": \"" + source + "\"", "the family of " + destination);
    }
    int protocol = protocol(at, step);
    Packet packet =
        new Packet()
            .protocol(protocol)
            .addresses(source.address(), destination.address())
            .ports(source.port(), destination.port());
    if (markedNetwork.isPresent() && markedNetwork.get().contains(destination.address())) {
      packet.mark(((ServiceKey.Marked) spec.key()).mark());
    }
    switch (protocol) {
      case IpProtocol.TCP -> packet.tcpFlags(flags(at, step, "S"));
      case IpProtocol.SCTP -> packet.payload(chunk(at.number(step, "chunk", SCTP_INIT)));
      default -> packet.payload(ONE_BYTE);
    }
    firstPackets.put(at.parse(step, "cid", Integer::parseInt), packet);
    fromClient(step, packet.copy());
  }

  /** Returns a chunk of SCTP as short as its type may be. */
  private static byte[] chunk(int type) {
    byte length = type == SCTP_INIT ? SCTP_INIT_LENGTH : SCTP_CHUNK_LENGTH;
    byte[] chunk = new byte[length];
    chunk[0] = (byte) type;
    chunk[3] = length;
    return chunk;
  }

  private int protocol(Place at, ObjectNode step) {
    if (step.has("proto")) {
      return ServiceJson.protocol(at, step.path("proto").asText());
    }
    return spec.key() instanceof ServiceKey.Virtual virtual ? virtual.protocol() : IpProtocol.TCP;
  }

  private static int flags(Place at, ObjectNode step, String absent) {
    return step.has("flags")
        ? at.parse(step, "flags", TcpFlags::parseLetters)
        : TcpFlags.parseLetters(absent);
  }

  private void fromClient(ObjectNode step, Packet packet) {
    decisions.startPacket(packets++);
    Disposition disposition = ipvs.fromClient(packet, false);
    wire = Wire.of(packet, disposition, ipvs.connection());
    if (disposition == Disposition.FORWARD) {
      step.put("got", StateJson.server(ipvs.connection()));
    } else if (wire.isEmpty()) {
      clock.advanceTo(clock.nowNs() + VAIN_WAIT_NS);
    } else if (disposition == Disposition.PASS && packet.protocol() == IpProtocol.TCP) {
      reset(packet);
    }
  }

  /** This host's answer, which ip_vs takes for one of a server that answers for itself. */
  private void reset(Packet packet) {
    ipvs.fromServer(
        packet
            .copy()
            .addresses(packet.destination(), packet.source())
            .ports(packet.destinationPort(), packet.sourcePort())
            .tcpFlags(TcpFlags.RST)
            .mark(0));
  }

  private Packet firstPacket(Place at, ObjectNode step) {
    Packet first = firstPackets.get(at.parse(step, "cid", Integer::parseInt));
    if (first == null) {
      throw at.error("\"cid\": " + step.path("cid"), "a connection that a step before began");
    }
    return first;
  }

  /** The connection as the recordings find it: the newest between these ends. */
  private IpvsConnection connection(Packet first) {
    return ipvs.lookUp(first);
  }

  private void proceed(Place at, ObjectNode step) {
    at.only(step, OF_PACKET);
    Packet packet = firstPacket(at, step).copy();
    if (packet.protocol() == IpProtocol.TCP) {
      packet.tcpFlags(flags(at, step, ""));
    } else if (packet.protocol() == IpProtocol.SCTP && step.has("chunk")) {
      packet.payload(chunk(at.number(step, "chunk", 0)));
    }
    String direction = step.path("dir").asText("in");
    switch (direction) {
      case "in" -> fromClient(step, packet);
      case "out" -> fromServer(packet, connection(packet));
      default -> throw at.error("\"dir\": \"" + direction + "\"", "in or out");
    }
  }

  private void fromServer(Packet packet, IpvsConnection connection) {
    if (connection.exists()) {
      boolean masqueraded = StateJson.isMasqueraded(connection);
      IpAddress client = packet.source();
      int clientPort = packet.sourcePort();
      packet
          .source(masqueraded ? connection.serverAddress() : connection.virtualAddress())
          .sourcePort(masqueraded ? connection.serverPort() : connection.virtualPort())
          .destination(client)
          .destinationPort(clientPort)
          .mark(0);
      ipvs.fromServer(packet);
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
    firstPackets.forEach(
        (cid, first) -> {
          IpvsConnection connection = connection(first);
          if (connection.exists()) {
            live.put(cid, connection);
          }
        });
    return live;
  }
}
