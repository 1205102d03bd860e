package dev.packetpath.core.host;

import dev.packetpath.core.packet.AttachmentKey;

/** The error that a local sender sees (include/uapi/asm-generic/errno.h, Linux 6.1). */
public enum Errno {
  /** No error. */
  OK,
  /** Operation not permitted: a hook dropped the packet. */
  EPERM,
  /** Permission denied: a prohibit route. */
  EACCES,
  /** Invalid argument: a blackhole route, or addresses that cannot be routed. */
  EINVAL,
  /** Message too long for the route. */
  EMSGSIZE,
  /** Network is unreachable: no route. */
  ENETUNREACH,
  /** No route to host: an unreachable route. */
  EHOSTUNREACH,
  /** Resource temporarily unavailable. */
  EAGAIN,
  /** Cannot allocate memory. */
  ENOMEM;

  /** The error with which a hook function drops a packet; EPERM unless it attached another. */
  public static final AttachmentKey<Errno> OF_DROP = AttachmentKey.create(EPERM);
}
