package dev.packetpath.ipvs;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.ipvs.scheduler.Scheduler;
import dev.packetpath.ipvs.scheduler.SchedulerContext;
import dev.packetpath.ipvs.scheduler.Schedulers;
import java.util.function.Function;

/**
 * Changes services and their servers, as {@link Ipvs} says of the methods of the same names
 * (net/netfilter/ipvs/ip_vs_ctl.c, Linux 6.1).
 */
final class Administration {
  private final SettingsHolder settings;
  private final ServiceTable services;
  private final ConnectionLife life;
  private final VirtualClock clock;
  private final Function<VirtualService, SchedulerContext> contexts;
  private final Trash trash;
  private Runnable onServices = () -> {};

  Administration(
      SettingsHolder settings,
      ServiceTable services,
      ConnectionLife life,
      VirtualClock clock,
      Function<VirtualService, SchedulerContext> contexts) {
    this.settings = settings;
    this.services = services;
    this.life = life;
    this.clock = clock;
    this.contexts = contexts;
    this.trash = new Trash(life.timers());
  }

  /** Returns where removed servers go. */
  Trash trash() {
    return trash;
  }

  /** Tells a listener that a service came or went. */
  void onServices(Runnable listener) {
    onServices = listener;
  }

  void add(ServiceSpec spec) {
    checkArgument(!services.get(spec.key()).exists(), "service %s exists already", spec.key());
    VirtualService service = new VirtualService(spec);
    service.scheduler(newScheduler(service, spec.scheduler()));
    services.add(service);
    onServices.run();
  }

  private Scheduler newScheduler(VirtualService service, String name) {
    return Schedulers.create(name, contexts.apply(service));
  }

  void edit(ServiceSpec spec) {
    VirtualService service = get(spec.key());
    if (!service.spec().scheduler().equals(spec.scheduler())) {
      service.scheduler(newScheduler(service, spec.scheduler()));
    }
    service.spec(spec);
    service.servers().forEach(server -> server.belongsTo(service));
  }

  void remove(ServiceKey key) {
    VirtualService service = get(key);
    services.remove(service);
    onServices.run();
    service.stop();
    for (RealServer server : service.servers()) {
      service.remove(server);
      trash.add(key, server, clock.nowNs());
    }
    flushRemoved();
  }

  void addServer(ServiceKey key, ServerSpec spec) {
    VirtualService service = get(key);
    checkArgument(
        !service.find(spec.address(), spec.port()).exists(),
        "service %s has server %s already",
        key,
        spec);
    checkFamily(service, spec);
    RealServer server = trash.reviveOrMake(key, spec.address(), spec.port());
    server.belongsTo(service);
    server.add(spec, settings.get().flavour());
    service.add(server);
  }

  private static void checkFamily(VirtualService service, ServerSpec spec) {
    checkArgument(
        spec.address().family() == service.key().family() || spec.method() == Method.TUNNEL,
        "server %s is of another family than service %s, which takes a tunnel, found %s",
        spec,
        service.key(),
        spec.method());
  }

  void editServer(ServiceKey key, ServerSpec spec) {
    VirtualService service = get(key);
    RealServer server = service.find(spec.address(), spec.port());
    checkArgument(server.exists(), "service %s has no server %s", key, spec);
    checkFamily(service, spec);
    server.configure(spec, settings.get().flavour());
    service.scheduler().edited(server);
  }

  void removeServer(ServiceKey key, IpAddress address, int port) {
    VirtualService service = get(key);
    RealServer server = service.find(address, port);
    checkArgument(server.exists(), "service %s has no server %s:%s", key, address, port);
    service.remove(server);
    trash.add(key, server, clock.nowNs());
    flushRemoved();
  }

  private VirtualService get(ServiceKey key) {
    VirtualService service = services.get(key);
    checkArgument(service.exists(), "no service %s", key);
    return service;
  }

  private void flushRemoved() {
    if (settings.on(IpvsSysctl.EXPIRE_NODEST_CONN)) {
      life.flushSoon();
    }
  }
}
