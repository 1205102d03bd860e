package dev.packetpath.ipvs;

/**
 * A flag that the scheduler of a service may heed (IP_VS_SVC_F_SCHED1 to 3 in
 * include/uapi/linux/ip_vs.h, Linux 6.1). What it means is the scheduler's affair.
 */
public enum SchedulerFlag {
  /** sh and mh: if the server is not available, look for another. */
  FLAG_1("fallback"),
  /** sh and mh: the client's port is hashed too. */
  FLAG_2("port"),
  /** No scheduler of the kernel heeds it. */
  FLAG_3("");

  private final String meaning;

  SchedulerFlag(String meaning) {
    this.meaning = meaning;
  }

  /** Returns how ipvsadm calls the flag for a scheduler: sh-port, mh-fallback, flag-1. */
  public String nameFor(String scheduler) {
    boolean hashes = scheduler.equals("sh") || scheduler.equals("mh");
    return hashes && !meaning.isEmpty() ? scheduler + "-" + meaning : "flag-" + (ordinal() + 1);
  }
}
