package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Cells of buckets against plain lists. */
class BucketCellsProperties {
  private record Entry(int node, int hash) {}

  private final List<List<Entry>> reference = new ArrayList<>();
  private BucketCells cells = new BucketCells(1, 1, new CellBlocks());
  private Random random = new Random(0);
  private int nextNode;

  /** The most nodes that each bucket had. */
  private int[] most = {};

  private boolean haveOwnCells;

  private List<Integer> walk(int bucket) {
    List<Integer> nodes = new ArrayList<>();
    for (int node = cells.first(bucket); node != BucketCells.NONE; node = cells.next()) {
      nodes.add(node);
      assertThat(cells.passed()).isEqualTo(nodes.size());
    }
    assertThat(cells.next()).isEqualTo(BucketCells.NONE);
    return nodes;
  }

  /** Few hashes, so that nodes share them, some of which differ in bits that are no node's. */
  private int hash() {
    return random.nextInt(3) << 29 | random.nextInt(3) << 20 | random.nextInt(3) << 5;
  }

  private void insert(int bucket) {
    Entry entry = new Entry(nextNode, hash());
    nextNode += 1 + (random.nextInt(50) == 0 ? random.nextInt(Math.max(nextNode, 1)) : 0);
    cells.insert(bucket, entry.hash, entry.node);
    reference.get(bucket).add(0, entry);
    most[bucket] = Math.max(most[bucket], reference.get(bucket).size());
  }

  private void remove(int bucket) {
    List<Entry> entries = reference.get(bucket);
    if (!entries.isEmpty()) {
      Entry entry = entries.remove(random.nextInt(entries.size()));
      cells.remove(bucket, entry.node);
    }
  }

  /** A walk by hash skips other nodes, never one with the hash, and counts all. */
  private void checkWalkByHash(int bucket) {
    List<Entry> entries = reference.get(bucket);
    int hash = hash();
    int seen = 0;
    for (int node = cells.first(bucket, hash);
        node != BucketCells.NONE;
        node = cells.next(), seen++) {
      while (entries.get(seen).node != node) {
        assertThat(entries.get(seen).hash).isNotEqualTo(hash);
        seen++;
      }
      assertThat(cells.passed()).isEqualTo(seen + 1);
    }
    assertThat(entries.subList(seen, entries.size())).noneMatch(entry -> entry.hash == hash);
    assertThat(cells.passed()).isEqualTo(entries.size());
  }

  /** A look tells what a walk finds first, unless it says that it does not know. */
  private void checkLook(int bucket) {
    int hash = hash();
    long found = cells.look(bucket, hash);
    if (found == FoundNode.UNKNOWN) {
      if (haveOwnCells) {
        assertThat(most[bucket]).as("no block with fewer").isGreaterThan(3);
      }
      return;
    }
    assertThat(FoundNode.node(found)).isEqualTo(cells.first(bucket, hash));
    assertThat(FoundNode.compared(found)).isEqualTo(cells.passed());
  }

  private void check() {
    for (int bucket = 0; bucket < reference.size(); bucket++) {
      assertThat(walk(bucket)).isEqualTo(reference.get(bucket).stream().map(Entry::node).toList());
    }
  }

  @Property(tries = 500)
  void bucketsAreThoseOfPlainLists(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int buckets,
      @ForAll @IntRange(min = 1, max = 40) int groups,
      @ForAll @IntRange(min = 1, max = 400) int steps) {
    random = new Random(seed);
    cells = new BucketCells(buckets, groups, new CellBlocks());
    nextNode = 0;
    reference.clear();
    most = new int[buckets];
    haveOwnCells = buckets <= groups;
    for (int bucket = 0; bucket < buckets; bucket++) {
      reference.add(new ArrayList<>());
    }
    check();
    int ofTen = 4 + random.nextInt(5);
    for (int step = 0; step < steps; step++) {
      int bucket = random.nextInt(buckets);
      if (random.nextInt(10) < ofTen) {
        insert(bucket);
      } else {
        remove(bucket);
      }
      checkWalkByHash(random.nextInt(buckets));
      checkLook(random.nextInt(buckets));
    }
    check();
    for (int bucket = 0; bucket < buckets; bucket++) {
      while (!reference.get(bucket).isEmpty()) {
        remove(bucket);
      }
    }
    check();
  }
}
