package dev.packetpath.iptables.ipset;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.HookState;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.packet.Packet;
import java.io.IOException;
import java.io.Reader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The named sets of a network namespace: the state that {@code ipset} changes and rules ask.
 *
 * <p>Belongs to one thread. A rule takes a {@link #reference} when it is loaded and asks that.
 *
 * <p>Source: net/netfilter/ipset/ip_set_core.c, Linux 6.1.
 */
public final class IpSets {
  private final Map<String, SetSlot> slots = new LinkedHashMap<>();
  private final SetContext context;
  private boolean othersAllowed;

  /** Creates a namespace without sets, whose timeouts follow the clock. */
  public IpSets(VirtualClock clock, Work work) {
    this.context = new SetContext(clock, work);
  }

  /**
   * Says that there may be sets of which nothing is known, as when rules were given without them: a
   * rule that names one is loaded then, and asks the host's decisions.
   */
  public void allowOthers() {
    othersAllowed = true;
  }

  /** Returns whether there may be sets of which nothing is known. */
  public boolean mayHaveOthers() {
    return othersAllowed;
  }

  /** Returns whether a set has this name. */
  public boolean contains(String name) {
    return slots.containsKey(name);
  }

  /** Returns the names in the order of creation. */
  public ImmutableList<String> names() {
    return ImmutableList.copyOf(slots.keySet());
  }

  /**
   * Returns what a set was created with.
   *
   * @throws IpsetException if no set has this name
   */
  public SetSpec spec(String name) {
    return set(name).spec;
  }

  /**
   * Returns the number of elements that have not timed out.
   *
   * @throws IpsetException if no set has this name
   */
  public long size(String name) {
    return set(name).size();
  }

  /**
   * Hands on the elements with their counters and the time they have left.
   *
   * @throws IpsetException if no set has this name
   */
  public void forEachEntry(String name, Consumer<SetEntry> action) {
    set(name).forEach(action);
  }

  /**
   * Takes hold of a set for a rule.
   *
   * @throws IpsetException if no set has this name
   */
  public SetReference reference(String name) {
    return new SetReference(slot(name), context);
  }

  /**
   * Returns whether a packet is in a set, see {@link SetReference#test}.
   *
   * @throws IpsetException if no set has this name
   */
  public boolean test(
      String name, Packet packet, HookState state, SetDimensions dimensions, TestOptions options) {
    context.start(options, packet.length());
    return set(name).test(packet, state, dimensions) == NamedSet.MATCH;
  }

  /**
   * Makes a set.
   *
   * @param exist whether a set of the same name and form is fine
   * @throws IpsetException if the name is taken
   */
  public void create(SetSpec spec, boolean exist) {
    SetSlot present = slots.get(spec.name());
    if (present == null) {
      slots.put(spec.name(), new SetSlot(newSet(spec)));
    } else if (!exist || !present.set.spec.isSameAs(spec)) {
      throw new IpsetException(IpsetError.SET_EXISTS, spec.name());
    }
  }

  private NamedSet newSet(SetSpec spec) {
    return switch (spec.type()) {
      case BITMAP_IP, BITMAP_PORT -> new BitmapSet(spec, context);
      case HASH_NET_IFACE -> new NetIfaceSet(spec, context);
      case LIST_SET -> new ListSet(spec, context, this);
      default -> new HashedSet(spec, context);
    };
  }

  /**
   * Adds written elements, one after the other; those before one that fails stay.
   *
   * @param exist whether an element already there is overwritten
   * @throws IpsetException if the kernel would refuse one
   */
  public void add(String name, SetEntry entry, boolean exist) {
    set(name).add(entry, exist);
  }

  /**
   * Removes written elements.
   *
   * @param exist whether an element that is not there is passed over
   * @throws IpsetException if one is not there
   */
  public void delete(String name, SetEntry entry, boolean exist) {
    set(name).delete(entry, exist);
  }

  /**
   * Returns whether a written element is in a set, as {@code ipset test} asks; asked for an
   * exception ({@code nomatch}), whether it is one. What the set could not hold is not in it
   * (ip_set_utest).
   *
   * @throws IpsetException if no set has this name
   */
  public boolean test(String name, SetEntry entry) {
    NamedSet set = set(name);
    try {
      return set.test(entry);
    } catch (IpsetException e) {
      return false;
    }
  }

  /**
   * Removes the elements of a set.
   *
   * @throws IpsetException if no set has this name
   */
  public void flush(String name) {
    set(name).flush();
  }

  /** Removes the elements of all sets. */
  public void flushAll() {
    slots.values().forEach(slot -> slot.set.flush());
  }

  /**
   * Removes a set.
   *
   * @throws IpsetException if no set has this name, or a rule or list refers to it
   */
  public void destroy(String name) {
    SetSlot slot = slot(name);
    dropExpired();
    if (slot.references > 0) {
      throw new IpsetException(IpsetError.IN_USE, name);
    }
    slot.set.flush();
    slots.remove(name);
  }

  /**
   * Removes all sets, or none.
   *
   * @throws IpsetException if a rule or list refers to one
   */
  public void destroyAll() {
    dropExpired();
    slots.forEach(
        (name, slot) -> {
          if (slot.references > 0) {
            throw new IpsetException(IpsetError.IN_USE, name);
          }
        });
    slots.clear();
  }

  /**
   * Gives a set another name.
   *
   * @throws IpsetException if it does not exist, is referred to, or the new name is taken
   */
  public void rename(String from, String to) {
    SetSlot slot = slot(from);
    dropExpired();
    if (slot.references > 0) {
      throw new IpsetException(IpsetError.CANNOT_RENAME, from);
    }
    if (slots.containsKey(to)) {
      throw new IpsetException(IpsetError.NEW_NAME_EXISTS, to);
    }
    SetSpec renamed = slot.set.spec.withName(to);
    Map<String, SetSlot> old = new LinkedHashMap<>(slots);
    slots.clear();
    old.forEach((name, each) -> slots.put(name.equals(from) ? to : name, each));
    slot.set.spec = renamed;
  }

  /**
   * Exchanges what two names hold; references follow the names.
   *
   * @throws IpsetException if one does not exist, or they differ in type or family
   */
  public void swap(String first, String second) {
    SetSlot one = slot(first);
    SetSlot other = slots.get(second);
    if (other == null) {
      throw new IpsetException(IpsetError.NO_SECOND_SET, second);
    }
    SetSpec oneSpec = one.set.spec;
    SetSpec otherSpec = other.set.spec;
    if (!oneSpec.type().features().equals(otherSpec.type().features())
        || oneSpec.family() != otherSpec.family()) {
      throw new IpsetException(IpsetError.TYPE_MISMATCH, first);
    }
    NamedSet set = one.set;
    one.set = other.set;
    other.set = set;
    one.set.spec = otherSpec.withName(first);
    other.set.spec = oneSpec.withName(second);
  }

  /**
   * Does what a line of {@code ipset restore} says.
   *
   * @throws IpsetException if the kernel would refuse it
   */
  public void apply(IpsetCommand command) {
    if (command instanceof IpsetCommand.Create create) {
      create(create.spec(), create.exist());
    } else if (command instanceof IpsetCommand.Add add) {
      add(add.set(), add.entry(), add.exist());
    } else if (command instanceof IpsetCommand.Delete delete) {
      delete(delete.set(), delete.entry(), delete.exist());
    } else if (command instanceof IpsetCommand.Flush flush) {
      if (flush.set().isEmpty()) {
        flushAll();
      } else {
        flush(flush.set());
      }
    } else if (command instanceof IpsetCommand.Destroy destroy) {
      if (destroy.set().isEmpty()) {
        destroyAll();
      } else {
        destroy(destroy.set());
      }
    } else if (command instanceof IpsetCommand.Rename rename) {
      rename(rename.from(), rename.to());
    } else if (command instanceof IpsetCommand.Swap swap) {
      swap(swap.first(), swap.second());
    } else if (command instanceof IpsetCommand.Test test && !test(test.set(), test.entry())) {
      throw new IpsetException(IpsetError.NOT_IN_SET, test.entry().element().toString());
    }
  }

  /**
   * Reads {@code ipset restore}'s text and does what it says, line by line.
   *
   * @param file what the text is called in messages
   * @param exist whether {@code -exist} is given for all lines
   * @throws dev.packetpath.core.SyntaxException at the first line that cannot be read or is
   *     refused; the lines before it stay done
   * @throws IOException if the reader fails
   */
  public void restore(String file, Reader reader, boolean exist) throws IOException {
    IpsetReader ipset = new IpsetReader(file, exist);
    slots.forEach((name, slot) -> ipset.know(slot.set.spec));
    ipset.read(reader, this::apply);
  }

  /**
   * Writes what {@code ipset save} prints, lists behind other sets; hashes in the order of adding,
   * where the kernel's is pseudo-random.
   *
   * @throws IOException if the output fails
   */
  public void save(Appendable out) throws IOException {
    StringBuilder line = new StringBuilder();
    for (boolean lists : new boolean[] {false, true}) {
      for (SetSlot slot : slots.values()) {
        if (slot.set.spec.type() == SetType.LIST_SET == lists) {
          line.setLength(0);
          SetSpec spec = slot.set.spec;
          line.append(spec).append('\n');
          slot.set.forEach(entry -> IpsetPrinter.appendAdd(line, spec.name(), entry));
          out.append(line);
        }
      }
    }
  }

  SetSlot slot(String name) {
    SetSlot slot = slots.get(name);
    if (slot == null) {
      throw new IpsetException(IpsetError.NO_SET, name);
    }
    return slot;
  }

  /** Lets lists drop members that timed out, and with them their references. */
  private void dropExpired() {
    for (SetSlot slot : slots.values()) {
      if (slot.set instanceof ListSet list) {
        list.dropExpired();
      }
    }
  }

  private NamedSet set(String name) {
    return slot(name).set;
  }
}
