package dev.packetpath.compare.fit;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.cost.CostModel;
import dev.packetpath.core.cost.OperationCost;
import dev.packetpath.core.cost.RuleCost;
import dev.packetpath.node.cost.Profile;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is fitted of the published experiment; all else of its profile is known from elsewhere or
 * assumed.
 */
public enum FittedParameter {
  /** The time of a request on an open connection, milliseconds: network and server. */
  REQUEST_TIME {
    @Override
    public double of(Profile profile) {
      return profile.lab().parameter("requestTime").value();
    }

    @Override
    public Profile with(Profile profile, double value) {
      return profile.withLab(profile.lab().with("requestTime", value));
    }
  },
  /** The work of the hot core for a connection's set-up without its rules, milliseconds. */
  SET_UP_TIME {
    @Override
    public double of(Profile profile) {
      return profile.lab().parameter("setUpTime").value();
    }

    @Override
    public Profile with(Profile profile, double value) {
      return profile.withLab(profile.lab().with("setUpTime", value));
    }
  },
  /** CPU of a connection beyond that of its requests and rules, microseconds. */
  CONNECTION_CPU {
    @Override
    public double of(Profile profile) {
      return profile.lab().parameter("connectionCpu").value();
    }

    @Override
    public Profile with(Profile profile, double value) {
      return profile.withLab(profile.lab().with("connectionCpu", value));
    }
  },
  /** The work of a sync for each Service in both modes, microseconds. */
  SYNC_OF_A_SERVICE {
    @Override
    public double of(Profile profile) {
      return service(profile).ns() / 1e3;
    }

    @Override
    public Profile with(Profile profile, double value) {
      OperationCost was = service(profile);
      Map<String, OperationCost> sync = new LinkedHashMap<>(profile.sync());
      sync.put(SERVICE, new OperationCost(SERVICE, value * 1e3, was.provenance(), was.source()));
      return profile.withSync(ImmutableMap.copyOf(sync));
    }

    private OperationCost service(Profile profile) {
      OperationCost cost = profile.sync().get(SERVICE);
      if (cost == null) {
        throw new IllegalArgumentException(
            "profile " + profile.name() + " has no sync." + SERVICE + ", which is to be fitted");
      }
      return cost;
    }
  },
  /** The longest piece of a sync that nothing interrupts, milliseconds. */
  SYNC_CHUNK {
    @Override
    public double of(Profile profile) {
      return profile.lab().parameter("syncChunk").value();
    }

    @Override
    public Profile with(Profile profile, double value) {
      return profile.withLab(profile.lab().with("syncChunk", value));
    }
  },
  /** What a rule costs that the cache does not hold, nanoseconds. */
  RULE_BEYOND_CACHE {
    @Override
    public double of(Profile profile) {
      return cache(profile).ns();
    }

    @Override
    public Profile with(Profile profile, double value) {
      CostModel costs = profile.costs();
      RuleCost.Level cache = cache(profile);
      return profile.withCosts(
          costs.withRules(
              costs
                  .rules()
                  .withLevels(ImmutableList.of(new RuleCost.Level(cache.bytes(), value)))));
    }
  };

  private static final String SERVICE = "service";

  /** Returns the one cache that the fit knows. */
  private static RuleCost.Level cache(Profile profile) {
    ImmutableList<RuleCost.Level> levels = profile.costs().rules().levels();
    checkArgument(levels.size() == 1, "levels of rules: %s, expected one", levels);
    return levels.get(0);
  }

  /** Returns the value in a profile. */
  public abstract double of(Profile profile);

  /** Returns the profile with another value. */
  public abstract Profile with(Profile profile, double value);
}
