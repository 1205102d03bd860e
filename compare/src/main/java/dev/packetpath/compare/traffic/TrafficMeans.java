package dev.packetpath.compare.traffic;

/**
 * The means of a scenario in closed form.
 *
 * <p>Open Poisson arrivals: a core that sets connections up is an M/G/1 queue with work of lower
 * priority that is not interrupted, so that a set-up waits for the rest of what is at hand and for
 * the set-ups before it: (λE[S²]/2 + rest of a chunk) ÷ (1 - λE[S]) (Cobham 1954). This is exact as
 * long as syncs end before the next one; the simulation agrees within its confidence interval.
 *
 * <p>Closed arrivals: mean value analysis (Reiser and Lavenberg 1980) with the rest of the service
 * at hand, exact for exponential service without syncs and client work, else near. Paced arrivals:
 * the factor of Krämer and Langenbach-Belz (1976) on the wait for set-ups, near. The table of
 * connections is taken to have room.
 *
 * @param exact whether the means are those of the simulation, not only near
 * @param stable whether the cores keep up; where they do not, times of open arrivals are infinite
 * @param responseNs the mean time from when a request is due to its answer, nanoseconds
 * @param setUpNs the mean time of a set-up, nanoseconds
 * @param cores what the cores do
 * @param requestsPerSecond requests answered in a second
 */
public record TrafficMeans(
    boolean exact,
    boolean stable,
    double responseNs,
    double setUpNs,
    CoreUse cores,
    double requestsPerSecond) {

  /** Returns the means of a scenario; takes well below a microsecond with open arrivals. */
  public static TrafficMeans of(TrafficScenario scenario) {
    if (scenario.arrivals() instanceof Arrivals.Closed closed) {
      return closed(scenario, closed);
    }
    if (scenario.arrivals() instanceof Arrivals.Paced paced) {
      return open(scenario, paced.perSecond(), true);
    }
    return open(scenario, ((Arrivals.Poisson) scenario.arrivals()).perSecond(), false);
  }

  private static TrafficMeans open(TrafficScenario scenario, double perSecond, boolean paced) {
    Service service = Service.of(scenario);
    int perConnection = scenario.requestsPerConnection();
    double perNs = perSecond / 1e9 / perConnection / scenario.setUpCores();
    double load = perNs * service.meanNs();
    // The first core has the syncs beside its set-ups.
    boolean stable = load < 1 && load + scenario.sync().load() <= 1;
    // One request in so many opens a connection: the more, the more random.
    double arrivalVariation = paced ? 1 - 1.0 / (perConnection * scenario.setUpCores()) : 1;
    double wait =
        paced
            ? pacedWaitNs(service, load, arrivalVariation)
            : perNs * service.squareNs() / 2 / (1 - load);
    wait += scenario.sync().meanRestNs() / (1 - load) / scenario.setUpCores();
    double setUp = stable ? wait + service.meanNs() : Double.POSITIVE_INFINITY;
    setUp += scenario.networkDelayNs();
    return new TrafficMeans(
        !paced,
        stable,
        scenario.answer().meanNs() + setUp / perConnection,
        setUp,
        use(scenario, perSecond),
        perSecond);
  }

  private static double pacedWaitNs(Service service, double load, double arrivalVariation) {
    double variation = arrivalVariation + service.variation();
    if (variation == 0) {
      return 0;
    }
    double wait = service.meanNs() * load / (1 - load) * variation / 2;
    double less = 1 - arrivalVariation;
    return wait * Math.exp(-2 * (1 - load) / (3 * load) * less * less / variation);
  }

  private static TrafficMeans closed(TrafficScenario scenario, Arrivals.Closed closed) {
    Service service = Service.of(scenario);
    double perConnection = scenario.requestsPerConnection();
    int setUpCores = scenario.setUpCores();
    double elsewhere =
        scenario.answer().meanNs()
            + closed.thinkTime().meanNs()
            + scenario.clientWork().meanNs()
            + scenario.networkDelayNs() / perConnection;
    double rest = service.meanNs() > 0 ? service.squareNs() / 2 / service.meanNs() : 0;
    double syncRest = scenario.sync().meanRestNs() / setUpCores;
    double waiting = 0;
    double busy = 0;
    double atCore = service.meanNs();
    double perNs = 0;
    for (int clients = 1; clients <= closed.clients(); clients++) {
      atCore = service.meanNs() * (1 + waiting) + busy * rest + syncRest * (1 - busy);
      perNs = clients / (elsewhere + atCore / perConnection);
      double perCore = perNs / perConnection / setUpCores;
      busy = Math.min(1, perCore * service.meanNs());
      waiting = Math.max(0, perCore * atCore - busy);
    }
    double setUp = atCore + scenario.networkDelayNs();
    return new TrafficMeans(
        false,
        true,
        scenario.answer().meanNs() + setUp / perConnection,
        setUp,
        use(scenario, perNs * 1e9),
        perNs * 1e9);
  }

  private static CoreUse use(TrafficScenario scenario, double requestsPerSecond) {
    double perNs = requestsPerSecond / 1e9;
    double connectionsPerNs = perNs / scenario.requestsPerConnection();
    return new CoreUse(
        connectionsPerNs * scenario.setUp().meanNs(),
        connectionsPerNs * scenario.ruleWalk().meanNs(),
        perNs * scenario.clientWork().meanNs(),
        scenario.sync().load());
  }

  /** A core's whole work for a set-up, by its first two moments. */
  private record Service(double meanNs, double squareNs) {
    static Service of(TrafficScenario scenario) {
      double mean = scenario.setUp().meanNs() + scenario.ruleWalk().meanNs();
      double variance = scenario.setUp().variance() + scenario.ruleWalk().variance();
      return new Service(mean, mean * mean + variance);
    }

    double variation() {
      return meanNs > 0 ? squareNs / (meanNs * meanNs) - 1 : 0;
    }
  }
}
