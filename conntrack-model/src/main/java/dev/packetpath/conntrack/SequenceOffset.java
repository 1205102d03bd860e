package dev.packetpath.conntrack;

/**
 * By how much the sequence numbers of one direction were moved when NAT gave its text another
 * length ({@code struct nf_ct_seqadj}, include/net/netfilter/nf_conntrack_seqadj.h, Linux 6.1). Two
 * offsets are known: the latest, and the one before it, which what is sent again still needs.
 *
 * @param position the sequence number of the segment that was changed last
 * @param before what is added up to there
 * @param after what is added behind it
 */
record SequenceOffset(int position, int before, int after) {
  /** No text was changed. */
  static final SequenceOffset NONE = new SequenceOffset(0, 0, 0);

  /** Returns what is added to a sequence number as the sender counts. */
  int at(int sequence) {
    return TcpWindow.after(sequence, position) ? after : before;
  }

  /** Returns what is taken off an acknowledgment of the other end, which counts what it got. */
  int acknowledged(int acknowledgment) {
    return at(acknowledgment - before);
  }

  /**
   * Returns this with a segment that became longer, or shorter by minus as many bytes; an older
   * segment that is changed once more, when it is sent again, changes nothing.
   */
  SequenceOffset moved(int sequence, int bytes) {
    return before == after || TcpWindow.before(position, sequence)
        ? new SequenceOffset(sequence, after, after + bytes)
        : this;
  }
}
