package dev.packetpath.compare.lab;

import dev.packetpath.ipvs.ReuseRule;
import dev.packetpath.node.cost.Lab;
import dev.packetpath.node.cost.Profile;

/** {@code ab} against a Service of IPVS, with the ports of one client used again and again. */
public final class ReuseLab {
  private final ClosedLoad load;

  /**
   * Creates the laboratory of a profile.
   *
   * @throws dev.packetpath.core.SyntaxException if it lacks {@code clients}, {@code ports}, {@code
   *     duration} or {@code answerTime}
   */
  public ReuseLab(Profile profile) {
    Lab lab = profile.lab();
    load =
        new ClosedLoad(
            (int) lab.number("clients", 1, 65_535),
            Math.round(lab.nanoseconds("duration")),
            (int) lab.number("ports", 1, 65_535),
            Math.round(lab.nanoseconds("answerTime")));
  }

  /** Returns the laboratory of the published numbers. */
  public static ReuseLab published() {
    return new ReuseLab(PublishedProfiles.named("reuse-2018"));
  }

  /** Returns the load. */
  public ClosedLoad load() {
    return load;
  }

  /**
   * Returns what clients saw on kernels before 5.9.
   *
   * @param share the part of the clients and ports that is run, more than 0 and at most 1; what one
   *     client sees is the same, for each has as many ports
   * @param connReuseMode the setting {@code net.ipv4.vs.conn_reuse_mode}
   */
  public PortReuseResult run(double share, int connReuseMode) {
    return PortReuse.run(load.share(share), connReuseMode, ReuseRule.TRACKED);
  }
}
