package dev.packetpath.ipvs;

import dev.packetpath.core.Decisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.ipvs.scheduler.SchedulerContext;

/** A service as its scheduler sees it. */
final class ServiceContext implements SchedulerContext {
  private final VirtualService service;
  private final SettingsHolder settings;
  private final VirtualClock clock;
  private final TimerWheel wheel;
  private final Decisions decisions;
  private final Work work;

  ServiceContext(
      VirtualService service,
      SettingsHolder settings,
      VirtualClock clock,
      TimerWheel wheel,
      Decisions decisions,
      Work work) {
    this.service = service;
    this.settings = settings;
    this.clock = clock;
    this.wheel = wheel;
    this.decisions = decisions;
    this.work = work;
  }

  @Override
  public RealServer head() {
    return service.head();
  }

  @Override
  public int size() {
    return service.size();
  }

  @Override
  public boolean has(SchedulerFlag flag) {
    return service.has(flag);
  }

  @Override
  public int overhead(RealServer server) {
    return settings.get().flavour().overhead(server);
  }

  @Override
  public int randomBits() {
    return decisions.bits(service.key().hashCode());
  }

  @Override
  public long nowNs() {
    return clock.nowNs();
  }

  @Override
  public long timerFiresAtNs(long setAtNs, long timeoutNs) {
    return wheel.firesAtNs(setAtNs, timeoutNs);
  }

  @Override
  public long localityExpirationNs() {
    IpvsSysctl sysctl =
        service.spec().scheduler().equals("lblcr")
            ? IpvsSysctl.LBLCR_EXPIRATION
            : IpvsSysctl.LBLC_EXPIRATION;
    return settings.get().get(sysctl) * VirtualClock.NS_PER_SECOND;
  }

  @Override
  public void countSteps(long steps) {
    work.add(IpvsOperations.SCHEDULER_STEP, steps);
  }
}
