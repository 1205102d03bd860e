package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.host.Sysctls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConntrackSettingsTest {
  private static final String PREFIX = "net.netfilter.nf_conntrack_";

  private static ConntrackSettings with(String name, String value) {
    return ConntrackSettings.of(new Sysctls(ImmutableMap.of(name, value)));
  }

  @Test
  void defaultsAreTheKernels() {
    ConntrackSettings settings = ConntrackSettings.of(new Sysctls(ImmutableMap.of("x", "1")));
    assertThat(settings.accounting()).isFalse();
    assertThat(settings.checksum()).isTrue();
    assertThat(settings.tcpLoose()).isTrue();
    assertThat(settings.tcpBeLiberal()).isFalse();
    assertThat(settings.tcpIgnoreInvalidRst()).isFalse();
    assertThat(settings.tcpMaxRetrans()).isEqualTo(3);
    assertThat(settings.max()).isEqualTo(262_144);
    assertThat(settings.buckets()).isEqualTo(262_144);
    assertThat(settings.hashSeed()).isZero();
    assertThat(settings.seconds(Timeout.TCP_ESTABLISHED)).isEqualTo(432_000);
    assertThat(settings.seconds(Timeout.TCP_SYN_SENT2)).isEqualTo(120);
  }

  @Test
  void everySettingIsRead() {
    assertThat(with(PREFIX + "acct", "1").accounting()).isTrue();
    assertThat(with(PREFIX + "checksum", "0").checksum()).isFalse();
    assertThat(with(PREFIX + "tcp_loose", "0").tcpLoose()).isFalse();
    assertThat(with(PREFIX + "tcp_be_liberal", "1").tcpBeLiberal()).isTrue();
    assertThat(with(PREFIX + "tcp_ignore_invalid_rst", "1").tcpIgnoreInvalidRst()).isTrue();
    assertThat(with(PREFIX + "tcp_max_retrans", "255").tcpMaxRetrans()).isEqualTo(255);
    assertThat(with(PREFIX + "buckets", "1").buckets()).isEqualTo(1);
    assertThat(with(PREFIX + "max", "0").max()).isZero();
    assertThat(with("net.nf_conntrack_max", "7").max()).isEqualTo(7);
    assertThat(ConntrackSettings.builder().hashSeed(-3).build().hashSeed()).isEqualTo(-3);
  }

  @ParameterizedTest
  @EnumSource(Timeout.class)
  void everyTimeoutIsRead(Timeout timeout) {
    if (!timeout.setting().isEmpty()) {
      assertThat(with(timeout.setting(), "17").seconds(timeout)).isEqualTo(17);
    }
    long longest = Timeout.MAX_SECONDS;
    assertThat(ConntrackSettings.builder().seconds(timeout, longest).build().seconds(timeout))
        .isEqualTo(longest);
  }

  @ParameterizedTest
  @CsvSource({
    "max,-1,0 to 9223372036854775807",
    "buckets,0,1 to 715827879",
    "buckets,-5,1 to 715827879",
    "buckets,2147483648,1 to 715827879",
    "tcp_max_retrans,256,0 to 255",
    "tcp_max_retrans,-1,0 to 255",
    "udp_timeout,-1,0 to 4294967295",
    "udp_timeout,4294967296,0 to 4294967295",
  })
  void settingOutOfRangeIsNamed(String name, String value, String range) {
    assertThatThrownBy(() -> with(PREFIX + name, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(PREFIX + name + ": found \"" + value + "\", expected a number from " + range);
  }

  @Test
  void settingThatIsNoNumberIsNamed() {
    assertThatThrownBy(() -> with(PREFIX + "max", "many"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(PREFIX + "max: found \"many\", expected a number");
  }

  @Test
  void builderRefusesWhatIsOutOfRange() {
    ConntrackSettings.Builder builder = ConntrackSettings.builder();
    assertThatThrownBy(() -> builder.max(-1))
        .hasMessage("nf_conntrack_max is not negative, found -1");
    assertThatThrownBy(() -> builder.buckets(0))
        .hasMessage("nf_conntrack_buckets is 1 to 715827879, found 0");
    assertThatThrownBy(() -> builder.buckets(715_827_880))
        .hasMessage("nf_conntrack_buckets is 1 to 715827879, found 715827880");
    assertThatThrownBy(() -> builder.tcpMaxRetrans(256))
        .hasMessage("tcp_max_retrans is 0..255, found 256");
    assertThatThrownBy(() -> builder.tcpMaxRetrans(-1))
        .hasMessage("tcp_max_retrans is 0..255, found -1");
    assertThatThrownBy(() -> builder.seconds(Timeout.UDP, -1))
        .hasMessage("timeout UDP is 0..4294967295 seconds, found -1");
    assertThatThrownBy(() -> builder.seconds(Timeout.UDP, 4_294_967_296L))
        .hasMessage("timeout UDP is 0..4294967295 seconds, found 4294967296");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 4_294_967_296L})
  void entryThatLastsForNoTimeThatAnEntryCanIsRefused(long seconds) {
    Tuple tuple = Tuple.NONE;
    assertThatThrownBy(() -> ConntrackEntry.plain(tuple, tuple, seconds, "", 0))
        .hasMessage("an entry has 0..4294967295 seconds left, found " + seconds);
  }
}
