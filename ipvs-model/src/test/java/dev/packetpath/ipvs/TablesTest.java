package dev.packetpath.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernel's hash tables, and the work that look-ups in them count. */
final class TablesTest {
  private static final VirtualClock CLOCK = new VirtualClock();

  @ParameterizedTest
  @CsvSource({"6,10.96.0.1,443,189", "17,10.96.0.10,53,46", "6,10.96.0.10,53,57"})
  void bucketOfAService(int protocol, String address, int port, int bucket) {
    IpAddress virtual = IpAddress.parse(address);
    assertThat(ServiceTable.bucketOf(protocol, virtual.high(), virtual.low(), port))
        .isEqualTo(bucket);
  }

  @Test
  void bucketOfAConnection() {
    ConnectionTable table = new ConnectionTable(12, new Work());
    IpAddress client = IpAddress.parse("10.0.0.1");
    assertThat(table.bucketOf(IpFamily.IPV4, IpProtocol.TCP, 0, client.low(), 40_000))
        .isEqualTo(2_117);
    assertThat(table.buckets()).isEqualTo(4_096);
  }

  private static ServiceKey.Virtual key(int high, int low) {
    return new ServiceKey.Virtual(
        IpProtocol.TCP, IpAddress.ipv4(0x0A60_0000 + (high << 8) + low), 80);
  }

  private static Ipvs services(int count, boolean spread, Work work) {
    Ipvs ipvs = new Ipvs(IpvsSettings.DEFAULTS, CLOCK, new SeededDecisions(0), work);
    for (int i = 0; i < count; i++) {
      ServiceKey.Virtual key = spread ? key(i >> 8, i & 0xff) : key(i, 1);
      ipvs.add(ServiceSpec.builder(key).scheduler("rr").build());
      ipvs.addServer(key, ServerSpec.builder(IpAddress.parse("10.244.0.1"), 80).build());
    }
    return ipvs;
  }

  private static long compared(Ipvs ipvs, Work work, ServiceKey.Virtual key) {
    work.clear();
    Packet syn =
        new Packet()
            .source(IpAddress.parse("10.0.0.1"))
            .sourcePort(1_234)
            .destination(key.address())
            .destinationPort(key.port())
            .tcpFlags(TcpFlags.SYN);
    ipvs.fromClient(syn, false);
    return work.count(IpvsOperations.SERVICE_COMPARED);
  }

  @Test
  void withSpreadAddressesTheChainsGrowOnlyPastTheTable() {
    Work work = new Work();
    assertThat(compared(services(256, true, work), work, key(0, 7))).isEqualTo(1);
    assertThat(compared(services(2_560, true, work), work, key(0, 7))).isEqualTo(10);
    assertThat(compared(services(2_560, true, work), work, key(9, 7))).isEqualTo(1);
  }

  @Test
  void withOneBucketTheOldestServiceIsComparedLast() {
    Work work = new Work();
    Ipvs ipvs = services(1_000, false, work);
    assertThat(compared(ipvs, work, key(0, 1))).isEqualTo(1_000);
    assertThat(compared(ipvs, work, key(999, 1))).isEqualTo(1);
    ServiceKey.Virtual absent =
        new ServiceKey.Virtual(IpProtocol.TCP, IpAddress.ipv4(0x0A60_0001 + (2_000 << 8)), 80);
    assertThat(compared(ipvs, work, absent)).isEqualTo(1_000);
  }

  /** Against the chains as the kernel has them, walked. */
  @Property(tries = 200)
  void aLookUpComparesAsAWalkOfTheChainDoes(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 30) Integer> changes) {
    Work work = new Work();
    Ipvs ipvs = new Ipvs(IpvsSettings.DEFAULTS, CLOCK, new SeededDecisions(0), work);
    List<ServiceKey.Virtual> chain = new ArrayList<>();
    for (int change : changes) {
      ServiceKey.Virtual key = key(change, 1);
      if (chain.remove(key)) {
        ipvs.remove(key);
      } else {
        ipvs.add(ServiceSpec.builder(key).scheduler("rr").build());
        chain.add(0, key);
      }
      for (ServiceKey.Virtual asked : List.of(key, key(3, 1), key(17, 1))) {
        int place = chain.indexOf(asked);
        assertThat(compared(ipvs, work, asked)).isEqualTo(place < 0 ? chain.size() : place + 1);
        assertThat(ipvs.find(asked).isPresent()).isEqualTo(place >= 0);
      }
    }
    assertThat(ipvs.services()).hasSize(chain.size());
    assertThat(ipvs.serves(IpFamily.IPV4)).isEqualTo(!chain.isEmpty());
    assertThat(ipvs.serves(IpFamily.IPV6)).isFalse();
  }

  @Test
  void establishedPacketsLookUpNoService() {
    Fleet fleet = Fleet.of("rr", 1);
    fleet.connect(1);
    fleet.work.clear();
    fleet.send(Fleet.packet(1, TcpFlags.ACK));
    assertThat(fleet.count("ipvsServiceLookup")).isZero();
    assertThat(fleet.count("ipvsConnectionLookup")).isEqualTo(1);
    assertThat(fleet.count("ipvsConnectionCompared")).isEqualTo(1);
    assertThat(fleet.count("ipvsSchedulerStep")).isZero();
  }

  @Test
  void aBucketOfConnectionsIsWalkedFromTheNewest() {
    Work work = new Work();
    ConnectionTable table = new ConnectionTable(8, work);
    List<IpvsConnection> inBucket = new ArrayList<>();
    for (int port = 1; inBucket.size() < 3; port++) {
      IpvsConnection connection =
          new IpvsConnectionBuilder(IpFamily.IPV4, IpProtocol.TCP)
              .client(0, 0x0A00_0001L, port)
              .virtual(0, 0x0A60_0001L, 80)
              .build(RealServer.NONE, dev.packetpath.core.packet.IpvsInfo.Method.BYPASS);
      int bucket = table.bucketOf(IpFamily.IPV4, IpProtocol.TCP, 0, 0x0A00_0001L, port);
      if (bucket == 7) {
        table.insert(connection);
        inBucket.add(connection);
      }
    }
    for (int i = 0; i < 3; i++) {
      IpvsConnection wanted = inBucket.get(i);
      work.clear();
      assertThat(table.incoming(packetOf(wanted))).isSameAs(wanted);
      assertThat(work.count(IpvsOperations.CONNECTION_COMPARED)).isEqualTo(3 - i);
    }
    table.remove(inBucket.get(1));
    work.clear();
    assertThat(table.incoming(packetOf(inBucket.get(0)))).isSameAs(inBucket.get(0));
    assertThat(work.count(IpvsOperations.CONNECTION_COMPARED)).isEqualTo(2);
    assertThat(table.incoming(packetOf(inBucket.get(1))).exists()).isFalse();
    table.remove(inBucket.get(2));
    assertThat(table.head(7)).isSameAs(inBucket.get(0));
    assertThat(table.size()).isEqualTo(1);
  }

  private static Packet packetOf(IpvsConnection connection) {
    return new Packet()
        .source(connection.clientAddress())
        .sourcePort(connection.clientPort())
        .destination(connection.virtualAddress())
        .destinationPort(connection.virtualPort());
  }

  /** A timer fires after its time, by no more than the grain of its level. */
  @Property
  void timersAreLateByAtMostTheirGrain(
      @ForAll @IntRange(max = 2_000_000) int nowTicks,
      @ForAll @IntRange(max = 2_000_000) int ticks) {
    TimerWheel wheel = new TimerWheel(100);
    long tickNs = wheel.tickNs();
    long late = wheel.firesAtNs(nowTicks * tickNs, ticks * tickNs) - (nowTicks + ticks) * tickNs;
    int level = 0;
    while (ticks >= 63L << (3 * level)) {
      level++;
    }
    assertThat(late).isBetween(tickNs, tickNs << (3 * level));
  }

  @Test
  void withoutTicksTimersAreOnTime() {
    assertThat(new TimerWheel(0).firesAtNs(5, 7)).isEqualTo(12);
  }
}
