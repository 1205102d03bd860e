package dev.packetpath.ipvs;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.IpvsInfo.Method;

/** Collects the many fields of an {@link IpvsConnection}. */
final class IpvsConnectionBuilder {
  final IpFamily family;
  final int protocol;
  long clientHigh;
  long clientLow;
  int clientPort;
  long virtualHigh;
  long virtualLow;
  int virtualPort;
  IpAddress serverAddress = IpAddress.ANY_V4;
  int serverPort;
  boolean template;
  boolean onePacket;
  long number;

  IpvsConnectionBuilder(IpFamily family, int protocol) {
    this.family = family;
    this.protocol = protocol;
  }

  @CanIgnoreReturnValue
  IpvsConnectionBuilder client(long high, long low, int port) {
    this.clientHigh = high;
    this.clientLow = low;
    this.clientPort = port;
    return this;
  }

  @CanIgnoreReturnValue
  IpvsConnectionBuilder virtual(long high, long low, int port) {
    this.virtualHigh = high;
    this.virtualLow = low;
    this.virtualPort = port;
    return this;
  }

  @CanIgnoreReturnValue
  IpvsConnectionBuilder server(IpAddress address, int port) {
    this.serverAddress = address;
    this.serverPort = port;
    return this;
  }

  @CanIgnoreReturnValue
  IpvsConnectionBuilder template() {
    this.template = true;
    return this;
  }

  @CanIgnoreReturnValue
  IpvsConnectionBuilder onePacket(boolean onePacket) {
    this.onePacket = onePacket;
    return this;
  }

  @CanIgnoreReturnValue
  IpvsConnectionBuilder number(long number) {
    this.number = number;
    return this;
  }

  IpvsConnection build(RealServer server, Method method) {
    return new IpvsConnection(this, server, method);
  }
}
