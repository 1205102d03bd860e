package dev.packetpath.kubernetes.sync;

/**
 * What the kube-proxy of one node and family sends.
 *
 * @param <T> the mode, whose states can be compared
 */
interface FamilySync<T extends FamilySync<T>> {
  /** Returns the sync of a kube-proxy that starts, where nothing is programmed. */
  Sync first();

  /** Returns the sync that comes when nothing changed for the mode's period. */
  Sync periodic();

  /** Returns the sync that brings this state about, from an earlier one. */
  Sync from(T before);
}
