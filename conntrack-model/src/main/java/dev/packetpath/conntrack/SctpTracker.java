package dev.packetpath.conntrack;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Hook;
import dev.packetpath.core.packet.Packet;

/**
 * Follows SCTP by the chunks in a packet's payload (net/netfilter/nf_conntrack_proto_sctp.c, Linux
 * 6.1).
 */
final class SctpTracker implements Tracker {
  private final Lifetimes lifetimes;

  SctpTracker(Lifetimes lifetimes) {
    this.lifetimes = lifetimes;
  }

  @Override
  public boolean allowsClash() {
    return false;
  }

  @Override
  public Result track(Connection connection, Packet packet, ConnectionState state, Hook hook) {
    if (hook == Hook.PREROUTING && lifetimes.settings().checksum()) {
      packet.pullTransportHeader();
      if (!packet.checksumValid()) {
        return Result.INVALID;
      }
    }
    ImmutableList<SctpChunk> chunks = SctpChunk.of(packet);
    SctpTracking sctp = new SctpTracking();
    sctp.load(connection);
    Result result = track(connection, packet, state, chunks, sctp);
    sctp.store(connection);
    return result;
  }

  private Result track(
      Connection connection,
      Packet packet,
      ConnectionState state,
      ImmutableList<SctpChunk> chunks,
      SctpTracking sctp) {
    Direction direction = state.direction();
    if (!isWellFormed(chunks)
        || (!connection.isConfirmed() && !beginsAssociation(sctp, chunks, packet.sctpTag()))
        || (!hasOwnTagRule(chunks) && packet.sctpTag() != sctp.tag(direction))) {
      return Result.INVALID;
    }
    boolean hasData = chunks.stream().anyMatch(chunk -> chunk.type() == SctpChunk.DATA);
    boolean refresh = true;
    SctpState next = SctpState.NONE;
    for (SctpChunk chunk : chunks) {
      if (!hasRightTag(sctp, chunk, direction, packet.sctpTag())) {
        return Result.INVALID;
      }
      switch (SctpHeartbeat.judge(sctp, chunk, direction, packet.sctpTag(), hasData || !refresh)) {
        case INVALID -> {
          return Result.INVALID;
        }
        case PASSES_ONLY -> {
          refresh = false;
          continue;
        }
        case COUNTS -> {}
      }
      SctpState old = sctp.state;
      next = SctpTransitions.next(direction, chunk.type(), old);
      if (next == SctpState.INVALID || !chunk.complete()) {
        return Result.INVALID;
      }
      switch (chunk.type()) {
        case SctpChunk.INIT -> {
          sctp.noteInit(direction, chunk.initiateTag());
          boolean repeated = next == SctpState.CLOSED && old == SctpState.CLOSED;
          refresh &= !(repeated && connection.isConfirmed());
        }
        case SctpChunk.INIT_ACK -> {
          if (!sctp.noteInitAck(direction, chunk.initiateTag())) {
            return Result.INVALID;
          }
        }
        case SctpChunk.COOKIE_ACK -> sctp.noteCookieAck();
        default -> {}
      }
      sctp.state = next;
      if (old != next && next == SctpState.ESTABLISHED) {
        connection.set(ConnectionStatus.ASSURED);
      }
    }
    if (refresh) {
      lifetimes.refresh(connection, packet, state, next.timeout());
    }
    return Result.ACCEPTED;
  }

  /** Chunks that must come first or alone do, and none is empty. */
  private static boolean isWellFormed(ImmutableList<SctpChunk> chunks) {
    boolean alone = false;
    for (int i = 0; i < chunks.size(); i++) {
      SctpChunk chunk = chunks.get(i);
      alone |=
          switch (chunk.type()) {
            case SctpChunk.INIT, SctpChunk.INIT_ACK, SctpChunk.SHUTDOWN_COMPLETE -> true;
            default -> false;
          };
      boolean first = chunk.type() == SctpChunk.COOKIE_ACK || chunk.type() == SctpChunk.COOKIE_ECHO;
      if (chunk.length() == 0 || (i != 0 && (alone || first))) {
        return false;
      }
    }
    return !chunks.isEmpty();
  }

  private static boolean beginsAssociation(
      SctpTracking sctp, ImmutableList<SctpChunk> chunks, int tag) {
    for (SctpChunk chunk : chunks) {
      switch (chunk.type()) {
        case SctpChunk.ABORT, SctpChunk.SHUTDOWN_COMPLETE, SctpChunk.COOKIE_ACK -> {
          return false;
        }
        default -> {}
      }
    }
    for (SctpChunk chunk : chunks) {
      if (SctpTransitions.next(Direction.ORIGINAL, chunk.type(), SctpState.NONE)
          == SctpState.NONE) {
        return false;
      }
      switch (chunk.type()) {
        case SctpChunk.INIT -> {
          if (tag != 0 || !chunk.complete()) {
            return false;
          }
          sctp.tag(Direction.REPLY, chunk.initiateTag());
        }
        case SctpChunk.HEARTBEAT -> sctp.tag(Direction.ORIGINAL, tag);
        case SctpChunk.SHUTDOWN_ACK -> sctp.tag(Direction.REPLY, tag);
        default -> {}
      }
    }
    return true;
  }

  /** Returns whether a chunk has a rule of its own for the packet's tag. */
  private static boolean hasOwnTagRule(ImmutableList<SctpChunk> chunks) {
    return chunks.stream()
        .anyMatch(
            chunk ->
                switch (chunk.type()) {
                  case SctpChunk.INIT,
                      SctpChunk.SHUTDOWN_COMPLETE,
                      SctpChunk.COOKIE_ECHO,
                      SctpChunk.ABORT,
                      SctpChunk.SHUTDOWN_ACK,
                      SctpChunk.HEARTBEAT,
                      SctpChunk.HEARTBEAT_ACK ->
                      true;
                  default -> false;
                });
  }

  /** RFC 9260 section 8.5.1. */
  private static boolean hasRightTag(
      SctpTracking sctp, SctpChunk chunk, Direction direction, int tag) {
    return switch (chunk.type()) {
      case SctpChunk.INIT -> tag == 0;
      case SctpChunk.ABORT, SctpChunk.SHUTDOWN_COMPLETE ->
          tag == sctp.tag(chunk.tagReflected() ? direction.opposite() : direction);
      case SctpChunk.COOKIE_ECHO -> tag == sctp.tag(direction);
      default -> true;
    };
  }
}
