package dev.packetpath.conntrack;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;

/**
 * How the sequence numbers of a TCP connection were moved ({@code struct nf_conn_seqadj}, Linux
 * 6.1).
 *
 * @param original those of the original direction
 * @param reply those of the reply direction
 */
record SequenceOffsets(SequenceOffset original, SequenceOffset reply) {
  /** Nothing was moved. */
  static final SequenceOffsets NONE = new SequenceOffsets(SequenceOffset.NONE, SequenceOffset.NONE);

  SequenceOffset of(Direction direction) {
    return direction == Direction.ORIGINAL ? original : reply;
  }

  /** Returns this with a segment of a direction that became longer; see {@link SequenceOffset}. */
  SequenceOffsets moved(Direction direction, int sequence, int bytes) {
    return direction == Direction.ORIGINAL
        ? new SequenceOffsets(original.moved(sequence, bytes), reply)
        : new SequenceOffsets(original, reply.moved(sequence, bytes));
  }

  /**
   * Gives a segment of a direction the numbers that its receiver expects (nf_ct_seq_adjust in
   * net/netfilter/nf_conntrack_seqadj.c): its own move with its direction, what it acknowledges
   * moves back.
   *
   * @return false if its options cannot be read
   */
  boolean adjust(Packet packet, Direction direction) {
    int sequence = packet.tcpSequence();
    packet.tcpSequence(sequence + of(direction).at(sequence));
    if ((packet.tcpFlags() & TcpFlags.ACK) == 0) {
      return true;
    }
    SequenceOffset other = of(direction.opposite());
    int acknowledgment = packet.tcpAcknowledgment();
    packet.tcpAcknowledgment(acknowledgment - other.acknowledged(acknowledgment));
    return TcpOptions.adjustSack(packet, other);
  }
}
