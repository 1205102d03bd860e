package dev.packetpath.compare.traffic;

import java.util.SplittableRandom;

/**
 * Runs a scenario event by event on virtual time. Equal scenarios give equal results. An event
 * takes some tens of nanoseconds and allocates nothing, once as much was under way as ever is.
 */
public final class TrafficSimulation {
  private static final int KIND_SHIFT = 28;
  private static final int NUMBER = (1 << KIND_SHIFT) - 1;

  /** A request of open arrivals comes. */
  private static final int ARRIVAL = 0;

  /** A client of closed arrivals sends its next request. */
  private static final int WAKE = 1;

  /** A SYN that was lost is sent again. */
  private static final int RETRY = 2;

  /** A client has an answer to work on. */
  private static final int ANSWERED = 3;

  /** A core may be done. */
  private static final int CORE = 4;

  private static final int SYNC = 5;

  private static final long FIRST_RETRY_NS = 1_000_000_000L;

  private final TrafficScenario scenario;
  private final Arrivals arrivals;
  private final boolean open;
  private final long warmUpNs;
  private final long batchNs;
  private final long endNs;
  private final int requestsPerConnection;
  private final Distribution answer;
  private final Distribution clientWork;
  private final Distribution thinkTime;
  private final long networkDelayNs;
  private final int setUpCores;
  private final int cores;
  private final boolean limited;
  private final long timeWaitNs;
  private final int synRetries;
  private final double intervalNs;
  private final boolean paced;

  private final SplittableRandom arrivalDraws;
  private final SplittableRandom connectionDraws;
  private final SplittableRandom answerDraws;
  private final EventQueue events = new EventQueue();
  private final Slots slots;
  private final CoreBank bank;
  private final ConnectionTable table;
  private final Meter meter;
  private final int[] requestsLeft;

  private double nextArrivalNs;
  private long nowNs;
  private int batch = -1;
  private long lostSyns;
  private long failedConnections;
  private long processed;

  private TrafficSimulation(TrafficScenario scenario) {
    this.scenario = scenario;
    arrivals = scenario.arrivals();
    batchNs = scenario.sync().periodNs();
    warmUpNs = scenario.warmUpPeriods() * batchNs;
    endNs = warmUpNs + scenario.periods() * batchNs;
    requestsPerConnection = scenario.requestsPerConnection();
    answer = scenario.answer();
    clientWork = scenario.clientWork();
    networkDelayNs = scenario.networkDelayNs();
    setUpCores = scenario.setUpCores();
    cores = scenario.cores();

    SplittableRandom draws = new SplittableRandom(scenario.seed());
    arrivalDraws = draws.split();
    connectionDraws = draws.split();
    answerDraws = draws.split();
    int clients = arrivals instanceof Arrivals.Closed closed ? closed.clients() : 0;
    open = clients == 0;
    paced = arrivals instanceof Arrivals.Paced;
    intervalNs = open ? 1e9 / ratePerSecond() : 0;
    thinkTime =
        arrivals instanceof Arrivals.Closed closed ? closed.thinkTime() : Distribution.none();
    requestsLeft = new int[clients];
    slots = new Slots(clients);
    bank = new CoreBank(scenario, slots, events, CORE << KIND_SHIFT, draws.split());
    limited = scenario.limit().isPresent();
    ConnectionLimit limit =
        scenario.limit().orElseGet(() -> new ConnectionLimit(Integer.MAX_VALUE, 0, 0));
    timeWaitNs = limit.timeWaitNs();
    synRetries = limit.synRetries();
    table = new ConnectionTable(limit.entries(), 2 * timeWaitNs);
    meter = new Meter(scenario.periods());
  }

  private double ratePerSecond() {
    if (arrivals instanceof Arrivals.Poisson poisson) {
      return poisson.perSecond();
    }
    return arrivals instanceof Arrivals.Paced every ? every.perSecond() : 0;
  }

  /**
   * Runs a scenario.
   *
   * @param scenario the scenario
   * @return what was measured after the warm-up
   */
  public static TrafficResult run(TrafficScenario scenario) {
    return new TrafficSimulation(scenario).run();
  }

  private TrafficResult run() {
    begin();
    EventQueue events = this.events;
    while (!events.isEmpty() && events.firstNs() < endNs) {
      nowNs = events.firstNs();
      int code = events.removeFirst();
      processed++;
      if (nowNs >= warmUpNs) {
        measure();
      }
      int number = code & NUMBER;
      switch (code >>> KIND_SHIFT) {
        case ARRIVAL -> arrive();
        case WAKE -> wake(number);
        case RETRY -> sendSyn(number);
        case ANSWERED -> bank.addClientWork(anyOf(cores), number, nowNs);
        case CORE -> finish(number);
        case SYNC -> sync();
        default -> throw new AssertionError("no such event: " + code);
      }
    }
    return result();
  }

  private void begin() {
    if (open) {
      scheduleArrival();
    }
    for (int client = 0; client < requestsLeft.length; client++) {
      requestsLeft[client] = connectionDraws.nextInt(requestsPerConnection);
      events.add(thinkTime.sampleNs(arrivalDraws), WAKE << KIND_SHIFT | client);
    }
    if (scenario.sync().workNs() > 0) {
      events.add(arrivalDraws.nextLong(batchNs), SYNC << KIND_SHIFT);
    }
  }

  private void measure() {
    if (batch < 0) {
      bank.countAnew();
      lostSyns = 0;
      failedConnections = 0;
    }
    batch = (int) ((nowNs - warmUpNs) / batchNs);
  }

  private void sync() {
    bank.addSync(scenario.sync().workNs(), nowNs);
    events.add(nowNs + batchNs, SYNC << KIND_SHIFT);
  }

  private void scheduleArrival() {
    nextArrivalNs += paced ? intervalNs : -intervalNs * Math.log(1 - arrivalDraws.nextDouble());
    events.add(Math.round(nextArrivalNs), ARRIVAL << KIND_SHIFT);
  }

  private void arrive() {
    scheduleArrival();
    if (requestsPerConnection > 1 && connectionDraws.nextInt(requestsPerConnection) > 0) {
      answer(Slots.NONE, nowNs, nowNs);
      return;
    }
    int slot = slots.take();
    slots.dueNs[slot] = nowNs;
    sendSyn(slot);
  }

  private void wake(int client) {
    if (requestsLeft[client] > 0) {
      requestsLeft[client]--;
      answer(client, nowNs, nowNs);
      return;
    }
    slots.dueNs[client] = nowNs;
    slots.retries[client] = 0;
    sendSyn(client);
  }

  private void sendSyn(int slot) {
    if (!limited || table.admit(nowNs)) {
      bank.addSetUp(anyOf(setUpCores), slot, nowNs);
      return;
    }
    lostSyns++;
    int retries = slots.retries[slot]++;
    if (retries < synRetries) {
      events.add(nowNs + (FIRST_RETRY_NS << retries), RETRY << KIND_SHIFT | slot);
      return;
    }
    failedConnections++;
    if (open) {
      slots.giveBack(slot);
    } else {
      thinkUntilNext(slot, nowNs);
    }
  }

  private void finish(int core) {
    int slot = bank.finish(core, nowNs);
    if (slot == Slots.NONE) {
      return;
    }
    if (bank.finished() == CoreBank.Activity.CLIENT) {
      if (open) {
        slots.giveBack(slot);
      } else {
        thinkUntilNext(slot, nowNs);
      }
      return;
    }
    long openedNs = nowNs + networkDelayNs;
    long dueNs = slots.dueNs[slot];
    if (batch >= 0) {
      meter.setUp(batch, openedNs - dueNs);
    }
    if (open) {
      slots.giveBack(slot);
    } else {
      requestsLeft[slot] = requestsPerConnection - 1;
    }
    long answeredNs = answer(open ? Slots.NONE : slot, dueNs, openedNs);
    if (limited) {
      table.endsAt(answeredNs + timeWaitNs);
    }
  }

  /** Answers a request that was sent on an open connection; returns when. */
  private long answer(int client, long dueNs, long sentNs) {
    long answeredNs = sentNs + answer.sampleNs(answerDraws);
    if (batch >= 0) {
      meter.response(batch, answeredNs - dueNs);
    }
    if (!clientWork.isZero()) {
      int slot = open ? slots.take() : client;
      slots.workNs[slot] = clientWork.sampleNs(answerDraws);
      events.add(answeredNs, ANSWERED << KIND_SHIFT | slot);
    } else if (!open) {
      thinkUntilNext(client, answeredNs);
    }
    return answeredNs;
  }

  private void thinkUntilNext(int client, long fromNs) {
    events.add(fromNs + thinkTime.sampleNs(arrivalDraws), WAKE << KIND_SHIFT | client);
  }

  private int anyOf(int cores) {
    return cores == 1 ? 0 : connectionDraws.nextInt(cores);
  }

  private TrafficResult result() {
    double measuredNs = endNs - warmUpNs;
    return new TrafficResult(
        meter.responseTime(),
        meter.percentileNs(50),
        meter.percentileNs(90),
        meter.percentileNs(99),
        meter.setUpTime(),
        bank.use(measuredNs),
        meter.requests(),
        meter.connections(),
        measuredNs / 1e9,
        lostSyns,
        failedConnections,
        processed);
  }
}
