package dev.packetpath.kubernetes.sync;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one sync of kube-proxy sends.
 *
 * @param texts what tools are given to read, in order
 * @param operations how often each kind of operation runs; what does not run is left out
 */
public record Sync(
    ImmutableList<SyncText> texts, ImmutableSortedMap<SyncOperation, Long> operations) {
  /** Returns how often an operation runs. */
  public long count(SyncOperation operation) {
    return operations.getOrDefault(operation, 0L);
  }

  /** Builds a sync. Not safe for use by several threads. */
  static final class Builder {
    private final ImmutableList.Builder<SyncText> texts = ImmutableList.builder();
    private final Map<SyncOperation, Long> operations = new EnumMap<>(SyncOperation.class);

    @CanIgnoreReturnValue
    Builder text(SyncText text) {
      texts.add(text);
      return this;
    }

    @CanIgnoreReturnValue
    Builder add(SyncOperation operation, long count) {
      if (count > 0) {
        operations.merge(operation, count, Long::sum);
      }
      return this;
    }

    @CanIgnoreReturnValue
    Builder addAll(Sync sync) {
      texts.addAll(sync.texts());
      sync.operations().forEach(this::add);
      return this;
    }

    Sync build() {
      return new Sync(texts.build(), ImmutableSortedMap.copyOf(operations));
    }
  }
}
