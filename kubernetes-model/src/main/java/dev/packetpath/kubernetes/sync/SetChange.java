package dev.packetpath.kubernetes.sync;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.packetpath.nftables.Expression;
import dev.packetpath.nftables.NftCommands;
import dev.packetpath.nftables.NftSet;
import dev.packetpath.nftables.Statement;
import java.io.IOException;
import java.util.Set;

/**
 * What a transaction changes in one set or map of nftables.
 *
 * @param set the set
 * @param isDeleted whether all of it goes
 * @param gone the keys that go; an entry of a map that leads elsewhere goes and comes again
 * @param keys the keys that come
 * @param cases the entries that come
 */
record SetChange(
    NftSet set,
    boolean isDeleted,
    ImmutableList<Expression> gone,
    ImmutableList<Expression> keys,
    ImmutableList<Statement.Case> cases) {
  static SetChange deletion(NftSet set) {
    return new SetChange(set, true, ImmutableList.of(), ImmutableList.of(), ImmutableList.of());
  }

  static SetChange between(NftSet before, NftSet after) {
    Set<Expression> oldKeys = ImmutableSet.copyOf(before.elements());
    Set<Expression> newKeys = ImmutableSet.copyOf(after.elements());
    Set<Statement.Case> oldCases = ImmutableSet.copyOf(before.cases());
    Set<Statement.Case> newCases = ImmutableSet.copyOf(after.cases());
    ImmutableList.Builder<Expression> gone = ImmutableList.builder();
    gone.addAll(Sets.difference(oldKeys, newKeys));
    Sets.difference(oldCases, newCases).forEach(entry -> gone.add(entry.key()));
    return new SetChange(
        after,
        false,
        gone.build(),
        ImmutableList.copyOf(Sets.difference(newKeys, oldKeys)),
        ImmutableList.copyOf(Sets.difference(newCases, oldCases)));
  }

  void writeTo(NftCommands commands) throws IOException {
    if (isDeleted) {
      commands.deleteSet(set);
    }
    for (Expression key : gone) {
      commands.deleteElement(set, key);
    }
    for (Expression key : keys) {
      commands.addElement(set, key);
    }
    for (Statement.Case entry : cases) {
      commands.addElement(set, entry);
    }
  }

  void count(Sync.Builder sync) {
    sync.add(SyncOperation.SET_DELETED, isDeleted ? 1 : 0);
    sync.add(SyncOperation.ELEMENT_DELETED, gone.size());
    sync.add(SyncOperation.ELEMENT_ADDED, keys.size() + (long) cases.size());
  }
}
