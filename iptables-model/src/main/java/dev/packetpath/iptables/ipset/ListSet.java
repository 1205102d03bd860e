package dev.packetpath.iptables.ipset;

import dev.packetpath.core.HookState;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code list:set}: other sets, tried in order until one says yes. Its lookup costs those of the
 * members visited.
 *
 * <p>Source: net/netfilter/ipset/ip_set_list_set.c, Linux 6.1.
 */
final class ListSet extends NamedSet {
  private static final int ABSENT = -1;

  private final List<Item> items = new ArrayList<>();
  private final IpSets sets;

  private record Item(SetSlot slot, Member extensions) {
    String name() {
      return slot.set.spec.name();
    }
  }

  ListSet(SetSpec spec, SetContext context, IpSets sets) {
    super(spec, context);
    this.sets = sets;
  }

  @Override
  int lookup(Packet packet, HookState state, SetDimensions dimensions) {
    boolean updates = context.updateCounters;
    boolean compares = context.compareCounters;
    for (int i = 0; i < items.size(); i++) {
      context.updateCounters = updates && context.options.updateSubcounters();
      context.compareCounters = false;
      int result = items.get(i).slot.set.test(packet, state, dimensions);
      context.updateCounters = updates;
      context.compareCounters = compares;
      if (result == MATCH && matchExtensions(items.get(i).extensions)) {
        return MATCH;
      }
    }
    return MISS;
  }

  @Override
  boolean addPacket(Packet packet, HookState state, SetDimensions dimensions, PacketAdd options) {
    for (Item item : items) {
      NamedSet set = item.slot.set;
      if (!isExpired(item.extensions)
          && set.takes(packet, dimensions)
          && set.addPacket(packet, state, dimensions, options)) {
        return true;
      }
    }
    return false;
  }

  @Override
  boolean deletePacket(Packet packet, HookState state, SetDimensions dimensions) {
    for (Item item : items) {
      NamedSet set = item.slot.set;
      if (!isExpired(item.extensions)
          && set.takes(packet, dimensions)
          && set.deletePacket(packet, state, dimensions)) {
        return true;
      }
    }
    return false;
  }

  @Override
  void add(SetEntry entry, boolean exist) {
    dropExpired();
    checkExtensions(entry);
    SetSlot slot = member(entry);
    int neighbour = neighbour(entry);
    int place = indexOf(slot);
    if (place != ABSENT) {
      if (!exist) {
        throw new IpsetException(IpsetError.ELEMENT_EXISTS, slot.set.spec.name());
      }
      writeExtensions(items.get(place).extensions, entry);
      return;
    }
    Item item = new Item(slot, new Member());
    writeExtensions(item.extensions, entry);
    int position =
        switch (entry.placement().side()) {
          case ANYWHERE -> items.size();
          case BEFORE -> neighbour;
          case AFTER -> neighbour + 1;
        };
    items.add(position, item);
    slot.references++;
  }

  @Override
  void delete(SetEntry entry, boolean exist) {
    dropExpired();
    int place = placeOf(entry);
    if (place != ABSENT) {
      items.remove(place).slot.references--;
    } else if (entry.placement().side() != SetEntry.Placement.Side.ANYWHERE) {
      throw new IpsetException(IpsetError.NO_REFERENCE, entry.element().toString());
    } else if (!exist) {
      throw new IpsetException(IpsetError.NO_ELEMENT, entry.element().toString());
    }
  }

  @Override
  boolean test(SetEntry entry) {
    dropExpired();
    return placeOf(entry) != ABSENT;
  }

  /** Where the member is, if it also is where the entry says. */
  private int placeOf(SetEntry entry) {
    int place = indexOf(member(entry));
    int neighbour = neighbour(entry);
    boolean fits =
        switch (entry.placement().side()) {
          case ANYWHERE -> true;
          case BEFORE -> place + 1 == neighbour;
          case AFTER -> place - 1 == neighbour;
        };
    return fits ? place : ABSENT;
  }

  private int neighbour(SetEntry entry) {
    if (entry.placement().side() == SetEntry.Placement.Side.ANYWHERE) {
      return ABSENT;
    }
    String name = entry.placement().set();
    if (!sets.contains(name)) {
      throw new IpsetException(IpsetError.NO_REFERENCE_SET, name);
    }
    int place = indexOf(sets.slot(name));
    if (place == ABSENT) {
      throw new IpsetException(IpsetError.NO_REFERENCE, name);
    }
    return place;
  }

  private SetSlot member(SetEntry entry) {
    String name = ((ElementPart.Member) entry.element().parts().get(0)).set();
    if (!sets.contains(name)) {
      throw new IpsetException(IpsetError.NO_MEMBER_SET, name);
    }
    SetSlot slot = sets.slot(name);
    if (slot.set.spec.type() == SetType.LIST_SET) {
      throw new IpsetException(IpsetError.LOOP, name);
    }
    return slot;
  }

  private int indexOf(SetSlot slot) {
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i).slot == slot) {
        return i;
      }
    }
    return ABSENT;
  }

  /** Drops members that timed out; their sets are referred to no more. */
  void dropExpired() {
    for (Iterator<Item> each = items.iterator(); each.hasNext(); ) {
      Item item = each.next();
      if (isExpired(item.extensions)) {
        item.slot.references--;
        each.remove();
      }
    }
  }

  @Override
  void flush() {
    items.forEach(item -> item.slot.references--);
    items.clear();
  }

  @Override
  long size() {
    return items.stream().filter(item -> !isExpired(item.extensions)).count();
  }

  @Override
  void forEach(Consumer<SetEntry> action) {
    for (Item item : items) {
      if (!isExpired(item.extensions)) {
        action.accept(toEntry(SetElement.of(new ElementPart.Member(item.name())), item.extensions));
      }
    }
  }
}
