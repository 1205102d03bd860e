package dev.packetpath.node.trace;

import dev.packetpath.core.net.IpAddress;

/** Something that was taken for granted about a node that does not tell all. */
public sealed interface Premise {
  /** Returns what it is about; two premises about the same exclude each other. */
  Object subject();

  /** Returns it as a statement. */
  String statement();

  /** Returns it in short, as another possibility than the one that was taken. */
  default String shortly() {
    return "otherwise";
  }

  /** Returns the option of the command, or the part of the packet, that tells it. */
  String option();

  /**
   * Whether an address is one of the node's own.
   *
   * @param address the address
   * @param local whether it is
   */
  record Local(IpAddress address, boolean local) implements Premise {
    @Override
    public String statement() {
      return address + (local ? " is" : " is not") + " an address of this node";
    }

    @Override
    public String option() {
      return "--local " + (local ? address.toString() : "ADDR");
    }

    @Override
    public Object subject() {
      return address;
    }
  }

  /**
   * By which device packets to an address leave.
   *
   * @param destination the address
   * @param device the device's name, {@link AssumedNetwork#UNNAMED} for one that no rule names
   */
  record OutDevice(IpAddress destination, String device) implements Premise {
    @Override
    public String statement() {
      return "packets to " + destination + " leave by " + AssumedNetwork.nameOf(device);
    }

    @Override
    public String shortly() {
      return "by " + AssumedNetwork.nameOf(device);
    }

    @Override
    public String option() {
      return "--out IFACE";
    }

    @Override
    public Object subject() {
      return "out " + destination;
    }
  }

  /**
   * On which device a packet arrives.
   *
   * @param packet which packet, from 1
   * @param device the device's name, {@link AssumedNetwork#UNNAMED} for one that no rule names
   */
  record InDevice(int packet, String device) implements Premise {
    @Override
    public String statement() {
      return "packet " + packet + " arrives on " + AssumedNetwork.nameOf(device);
    }

    @Override
    public String shortly() {
      return "on " + AssumedNetwork.nameOf(device);
    }

    @Override
    public String option() {
      return "in=IFACE";
    }

    @Override
    public Object subject() {
      return "in " + packet;
    }
  }

  /**
   * Which address the node gives packets that leave by a device.
   *
   * @param device the device's name
   * @param address the address
   */
  record SourceAddress(String device, IpAddress address) implements Premise {
    @Override
    public String statement() {
      return "packets that leave by "
          + AssumedNetwork.nameOf(device)
          + " get the source address "
          + address;
    }

    @Override
    public String option() {
      return "--local ADDR";
    }

    @Override
    public Object subject() {
      return "source " + device;
    }
  }

  /**
   * Whether the node forwards packets, where its settings are not told.
   *
   * @param forwards whether it does
   */
  record Forwarding(boolean forwards) implements Premise {
    @Override
    public String statement() {
      return "the node " + (forwards ? "forwards" : "does not forward") + " packets";
    }

    @Override
    public String option() {
      return "sysctl.txt";
    }

    @Override
    public Object subject() {
      return "forwarding";
    }
  }

  /**
   * What rules see as the connection state of the first packet.
   *
   * @param state the state
   */
  record FirstState(SeenState state) implements Premise {
    @Override
    public String statement() {
      return state == SeenState.NEW
          ? "the packet starts a connection"
          : "rules see the packet as " + state;
    }

    @Override
    public String option() {
      return "--conntrack " + (state == SeenState.NEW ? SeenState.ESTABLISHED : state);
    }

    @Override
    public Object subject() {
      return "state";
    }
  }
}
