package dev.packetpath.conntrack;

import dev.packetpath.core.host.Device;

/**
 * What few connections have ({@code struct nf_ct_ext}, include/net/netfilter/nf_conntrack_extend.h,
 * Linux 6.1).
 *
 * @param helper the name of the helper that a rule set, "" for none
 * @param masterHelper the name of the helper that announced the connection, "" for none
 * @param timeouts the timeouts that it has instead of the host's
 * @param masqueradeDevice the device whose address masquerading chose
 * @param labelsHigh labels 64 to 127
 * @param labelsLow labels 0 to 63
 * @param offsets how NAT moved its sequence numbers
 */
record ConnectionExtension(
    String helper,
    String masterHelper,
    TimeoutPolicy timeouts,
    Device masqueradeDevice,
    long labelsHigh,
    long labelsLow,
    SequenceOffsets offsets) {
  /** What a connection has that has none of all this. */
  static final ConnectionExtension NONE =
      new ConnectionExtension("", "", TimeoutPolicy.NONE, Device.NONE, 0, 0, SequenceOffsets.NONE);

  ConnectionExtension withHelper(String name) {
    return new ConnectionExtension(
        name, masterHelper, timeouts, masqueradeDevice, labelsHigh, labelsLow, offsets);
  }

  ConnectionExtension withMasterHelper(String name) {
    return new ConnectionExtension(
        helper, name, timeouts, masqueradeDevice, labelsHigh, labelsLow, offsets);
  }

  ConnectionExtension withTimeouts(TimeoutPolicy policy) {
    return new ConnectionExtension(
        helper, masterHelper, policy, masqueradeDevice, labelsHigh, labelsLow, offsets);
  }

  ConnectionExtension withMasqueradeDevice(Device device) {
    return new ConnectionExtension(
        helper, masterHelper, timeouts, device, labelsHigh, labelsLow, offsets);
  }

  ConnectionExtension withLabels(long high, long low) {
    return new ConnectionExtension(
        helper, masterHelper, timeouts, masqueradeDevice, high, low, offsets);
  }

  ConnectionExtension withOffsets(SequenceOffsets moved) {
    return new ConnectionExtension(
        helper, masterHelper, timeouts, masqueradeDevice, labelsHigh, labelsLow, moved);
  }
}
