package dev.packetpath.compare.claims;

import java.util.function.Function;

/**
 * A claim of the published article, "Comparing kube-proxy modes: iptables or IPVS?" (Tigera, 2019).
 *
 * @param id its number
 * @param text what is claimed
 * @param check finds whether it holds
 */
record Claim(String id, String text, Function<ArticleRun, Finding> check) {
  Finding in(ArticleRun run) {
    return check.apply(run);
  }

  @Override
  public String toString() {
    return id;
  }
}
