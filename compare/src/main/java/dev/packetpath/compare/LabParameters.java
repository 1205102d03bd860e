package dev.packetpath.compare;

/** The names of the figures that the experiment asks a profile's laboratory for. */
public final class LabParameters {
  /** From a request on an open connection to its answer: a duration. */
  public static final String REQUEST_TIME = "requestTime";

  /** Squared coefficient of variation of that. */
  public static final String REQUEST_VARIABILITY = "requestVariability";

  /** What the core that sets connections up does for one, without the rule walk: a duration. */
  public static final String SET_UP_TIME = "setUpTime";

  /** Squared coefficient of variation of that. */
  public static final String SET_UP_VARIABILITY = "setUpVariability";

  /**
   * Where the Services that connections go to stand in kube-proxy's order: 0.5 for all of them
   * alike, 1 for the last one alone; optional, 0.5 unless told.
   */
  public static final String SERVICE_POSITION = "servicePosition";

  /** CPU time of a request without kube-proxy: a duration. */
  public static final String REQUEST_CPU = "requestCpu";

  /** CPU time of a connection without kube-proxy: a duration. */
  public static final String CONNECTION_CPU = "connectionCpu";

  /**
   * The minor number of the Kubernetes release whose kube-proxy the laboratory ran; optional, the
   * current one unless told.
   */
  public static final String KUBERNETES_MINOR = "kubernetesMinor";

  /** How long a sync keeps a core at a time: a duration. */
  public static final String SYNC_CHUNK = "syncChunk";

  /** From one sync to the next: a duration; kube-proxy's own unless told. */
  public static final String SYNC_PERIOD = "syncPeriod";

  /** CPU time of a proxy in user space for a connection: a duration. */
  public static final String USERSPACE_CONNECTION_CPU = "userspaceConnectionCpu";

  /** CPU time of a proxy in user space for a request: a duration. */
  public static final String USERSPACE_REQUEST_CPU = "userspaceRequestCpu";

  private LabParameters() {}
}
