package dev.packetpath.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Conversations on the kernel of this machine, where there is root and netfilter; elsewhere
 * skipped, because one of them is missing. {@code conformance/run --conversations N} and {@code
 * --crowds} are the long forms.
 */
final class LiveConversationTest {
  private static final LabAvailability AVAILABILITY = LabAvailability.check();
  private static final int TALKS = 200;
  private static final int SECONDS = 9;
  private static final int PROBES = 1500;

  private KernelLab lab;

  @BeforeEach
  void startTheLaboratory() throws IOException {
    assumeTrue(AVAILABILITY.isAvailable(), AVAILABILITY.reason());
    lab = KernelLab.start(LabAvailability.PROGRAM);
  }

  @AfterEach
  void closeTheLaboratory() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void theModelsAgreeAfterEachPacketOfConversations() throws IOException {
    TalkRun run = new TalkRun(lab, System.out, TalkFault.NONE);
    run.agrees(1, TALKS, SECONDS);
    System.out.println(run.summary());
    assertThat(run.disagreements()).isZero();
    assertThat(run.steps()).as("different steps of TCP").isGreaterThan(60);
    assertThat(run.expected()).as("packets of connections that FTP announced").isPositive();
    assertThat(run.adjusted()).as("packets whose sequence numbers moved").isPositive();
  }

  @Test
  void packetsThatOvertakeEachOtherJoinOrAreDroppedAsInTheKernel() throws IOException {
    assertThat(new RaceRun(lab, System.out).differences()).isEmpty();
  }

  @Test
  void portsOfOneAddressRunOutAsTheKernelLetsThem() throws IOException {
    assertThat(new CrowdRun(lab, System.out).allTaken()).isEmpty();
  }

  @Test
  void fullTableMakesRoomAsOftenAsTheKernel() throws IOException {
    assertThat(new CrowdRun(lab, System.out).overflow(0.05, PROBES)).isEmpty();
  }
}
