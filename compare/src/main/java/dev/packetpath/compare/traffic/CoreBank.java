package dev.packetpath.compare.traffic;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The cores and what waits for them. A core serves set-ups first and in order, as softirqs do; what
 * is left of its time goes to clients and, on the first core, to syncs, by turns. A set-up
 * interrupts a client's work but not a chunk of a sync. Nothing here allocates.
 */
final class CoreBank {
  /** What a core is at. */
  enum Activity {
    IDLE,
    SET_UP,
    CLIENT,
    SYNC
  }

  private static final int NONE = Slots.NONE;
  private static final int SYNC_CORE = 0;

  private final Slots slots;
  private final EventQueue events;
  private final int doneCode;
  private final SplittableRandom random;
  private final Distribution setUp;
  private final Distribution ruleWalk;
  private final long chunkNs;

  private final Activity[] activity;
  private final int[] atSlot;
  private final long[] sinceNs;
  private final long[] untilNs;
  private final long[] walkNs;
  private final int[] setUpHead;
  private final int[] setUpTail;
  private final int[] clientHead;
  private final int[] clientTail;

  private long syncNs;
  private boolean clientsTurn;
  private Activity finished = Activity.IDLE;

  private long usedSetUpNs;
  private long usedRulesNs;
  private long usedClientNs;
  private long usedSyncNs;

  /**
   * Makes idle cores.
   *
   * @param doneCode the code of the event that a core is done, to which its number is added
   */
  CoreBank(
      TrafficScenario scenario,
      Slots slots,
      EventQueue events,
      int doneCode,
      SplittableRandom random) {
    this.slots = slots;
    this.events = events;
    this.doneCode = doneCode;
    this.random = random;
    this.setUp = scenario.setUp();
    this.ruleWalk = scenario.ruleWalk();
    this.chunkNs = scenario.sync().chunkNs();
    int cores = scenario.cores();
    activity = new Activity[cores];
    Arrays.fill(activity, Activity.IDLE);
    atSlot = new int[cores];
    sinceNs = new long[cores];
    untilNs = new long[cores];
    walkNs = new long[cores];
    setUpHead = emptyLists(cores);
    setUpTail = emptyLists(cores);
    clientHead = emptyLists(cores);
    clientTail = emptyLists(cores);
  }

  private static int[] emptyLists(int cores) {
    int[] lists = new int[cores];
    Arrays.fill(lists, NONE);
    return lists;
  }

  /** Lets a set-up wait for a core. */
  void addSetUp(int core, int slot, long nowNs) {
    append(setUpHead, setUpTail, core, slot);
    if (activity[core] == Activity.CLIENT) {
      int interrupted = atSlot[core];
      slots.workNs[interrupted] = Math.max(1, untilNs[core] - nowNs);
      usedClientNs += nowNs - sinceNs[core];
      slots.next[interrupted] = clientHead[core];
      clientHead[core] = interrupted;
      if (clientTail[core] == NONE) {
        clientTail[core] = interrupted;
      }
      activity[core] = Activity.IDLE;
    }
    startIfIdle(core, nowNs);
  }

  /** Lets a client's work, as its row says, wait for a core. */
  void addClientWork(int core, int slot, long nowNs) {
    append(clientHead, clientTail, core, slot);
    startIfIdle(core, nowNs);
  }

  /** Lets a sync wait. */
  void addSync(long workNs, long nowNs) {
    syncNs += workNs;
    startIfIdle(SYNC_CORE, nowNs);
  }

  private void append(int[] head, int[] tail, int core, int slot) {
    slots.next[slot] = NONE;
    if (tail[core] == NONE) {
      head[core] = slot;
    } else {
      slots.next[tail[core]] = slot;
    }
    tail[core] = slot;
  }

  private int removeFirst(int[] head, int[] tail, int core) {
    int slot = head[core];
    head[core] = slots.next[slot];
    if (head[core] == NONE) {
      tail[core] = NONE;
    }
    return slot;
  }

  private void startIfIdle(int core, long nowNs) {
    if (activity[core] == Activity.IDLE) {
      startNext(core, nowNs);
    }
  }

  private void startNext(int core, long nowNs) {
    if (setUpHead[core] != NONE) {
      long walk = ruleWalk.sampleNs(random);
      atSlot[core] = removeFirst(setUpHead, setUpTail, core);
      walkNs[core] = walk;
      start(core, Activity.SET_UP, nowNs, walk + setUp.sampleNs(random));
      return;
    }
    boolean clientWaits = clientHead[core] != NONE;
    if (core == SYNC_CORE && syncNs > 0 && !(clientWaits && clientsTurn)) {
      long chunk = Math.min(chunkNs, syncNs);
      syncNs -= chunk;
      clientsTurn = true;
      start(core, Activity.SYNC, nowNs, chunk);
    } else if (clientWaits) {
      int slot = removeFirst(clientHead, clientTail, core);
      atSlot[core] = slot;
      clientsTurn = false;
      start(core, Activity.CLIENT, nowNs, slots.workNs[slot]);
    }
  }

  private void start(int core, Activity what, long nowNs, long ns) {
    activity[core] = what;
    sinceNs[core] = nowNs;
    untilNs[core] = nowNs + Math.max(1, ns);
    events.add(untilNs[core], doneCode + core);
  }

  /**
   * Ends what a core is at if it is due, and starts what is next.
   *
   * @return the row of the set-up or client that is done, or {@link Slots#NONE}; {@link #finished}
   *     says which
   */
  int finish(int core, long nowNs) {
    Activity was = activity[core];
    // The event of a client's work that was interrupted finds the core at something else.
    if (was == Activity.IDLE || untilNs[core] != nowNs) {
      return NONE;
    }
    long ns = nowNs - sinceNs[core];
    int slot = NONE;
    switch (was) {
      case SET_UP -> {
        slot = atSlot[core];
        usedRulesNs += walkNs[core];
        usedSetUpNs += ns - walkNs[core];
      }
      case CLIENT -> {
        slot = atSlot[core];
        usedClientNs += ns;
      }
      case SYNC -> usedSyncNs += ns;
      case IDLE -> throw new AssertionError("an idle core has nothing to finish");
    }
    finished = was;
    activity[core] = Activity.IDLE;
    startNext(core, nowNs);
    return slot;
  }

  /** Returns what the last finish ended. */
  Activity finished() {
    return finished;
  }

  /** Counts the use of cores from now on. */
  void countAnew() {
    usedSetUpNs = 0;
    usedRulesNs = 0;
    usedClientNs = 0;
    usedSyncNs = 0;
  }

  /** Returns what was counted, over a time. */
  CoreUse use(double overNs) {
    return new CoreUse(
        usedSetUpNs / overNs, usedRulesNs / overNs, usedClientNs / overNs, usedSyncNs / overNs);
  }
}
