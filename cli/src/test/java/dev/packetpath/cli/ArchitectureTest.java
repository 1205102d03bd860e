package dev.packetpath.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.ConstructorCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;

/** Who may use whom, as ARCHITECTURE.md says. It stands in cli, which is above all the others. */
@AnalyzeClasses(packages = "dev.packetpath", importOptions = ArchitectureTest.NoTests.class)
final class ArchitectureTest {
  private static final String[] MODELS = {
    "dev.packetpath.core..",
    "dev.packetpath.conntrack..",
    "dev.packetpath.iptables..",
    "dev.packetpath.ipvs..",
    "dev.packetpath.nftables.."
  };

  private static final Set<String> RANDOM =
      Set.of("java.util.Random", "java.util.SplittableRandom");

  @ArchTest
  static final ArchRule layers =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("core")
          .definedBy("dev.packetpath.core..")
          .layer("conntrack")
          .definedBy("dev.packetpath.conntrack..")
          .layer("iptables")
          .definedBy("dev.packetpath.iptables..")
          .layer("ipvs")
          .definedBy("dev.packetpath.ipvs..")
          .layer("nftables")
          .definedBy("dev.packetpath.nftables..")
          .layer("node")
          .definedBy("dev.packetpath.node..")
          .layer("kubernetes")
          .definedBy("dev.packetpath.kubernetes..")
          .layer("compare")
          .definedBy("dev.packetpath.compare..")
          .layer("testkit")
          .definedBy("dev.packetpath.testkit..")
          .layer("cli")
          .definedBy("dev.packetpath.cli..")
          .whereLayer("core")
          .mayNotAccessAnyLayer()
          .whereLayer("conntrack")
          .mayOnlyAccessLayers("core")
          .whereLayer("iptables")
          .mayOnlyAccessLayers("core", "conntrack")
          .whereLayer("ipvs")
          .mayOnlyAccessLayers("core", "conntrack")
          .whereLayer("nftables")
          .mayOnlyAccessLayers("core", "conntrack")
          .whereLayer("node")
          .mayOnlyAccessLayers("core", "conntrack", "iptables", "ipvs", "nftables")
          .whereLayer("kubernetes")
          .mayOnlyAccessLayers("core", "conntrack", "iptables", "ipvs", "nftables", "node")
          .whereLayer("compare")
          .mayOnlyAccessLayers(
              "core", "conntrack", "iptables", "ipvs", "nftables", "node", "kubernetes")
          .whereLayer("testkit")
          .mayOnlyAccessLayers("core", "conntrack", "iptables", "ipvs", "nftables", "node")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer();

  /** A package outside the table above would be held to nothing. */
  @ArchTest
  static final ArchRule everyClassIsInALayer =
      classes()
          .should()
          .resideInAnyPackage(
              "dev.packetpath.core..",
              "dev.packetpath.conntrack..",
              "dev.packetpath.iptables..",
              "dev.packetpath.ipvs..",
              "dev.packetpath.nftables..",
              "dev.packetpath.node..",
              "dev.packetpath.kubernetes..",
              "dev.packetpath.compare..",
              "dev.packetpath.testkit..",
              "dev.packetpath.cli..");

  @ArchTest
  static final ArchRule coreAndIpvsUseFewLibraries =
      useFewLibraries(List.of("dev.packetpath.core..", "dev.packetpath.ipvs.."));

  /** Tables of primitives are for the models that hold many entries or rules. */
  @ArchTest
  static final ArchRule conntrackAndIptablesUseFastutil =
      useFewLibraries(
          List.of("dev.packetpath.conntrack..", "dev.packetpath.iptables.."), "it.unimi.dsi..");

  /** Jackson is for nftables (its own text is JSON), node and what is above them. */
  @ArchTest
  static final ArchRule nftablesUsesJackson =
      useFewLibraries(List.of("dev.packetpath.nftables.."), "com.fasterxml.jackson..");

  /** Models take a Reader, a clock and a seed. */
  @ArchTest
  static final ArchRule modelsReadNoFilesAndNoSharedRandomness =
      noClasses()
          .that()
          .resideInAnyPackage(MODELS)
          .should()
          .dependOnClassesThat()
          .haveNameMatching(
              "java\\.io\\.(File|RandomAccessFile).*"
                  + "|java\\.lang\\.(Process|ProcessBuilder|Runtime)"
                  + "|java\\.net\\.(.*Socket|URL)"
                  + "|java\\.nio\\.(channels|file)\\..*"
                  + "|java\\.security\\.SecureRandom"
                  + "|java\\.util\\.concurrent\\.ThreadLocalRandom"
                  + "|java\\.util\\.logging\\..*");

  @ArchTest
  static final ArchRule modelsReadNoEnvironmentAndPrintNothing =
      noClasses()
          .that()
          .resideInAnyPackage(MODELS)
          .should()
          .accessTargetWhere(
              isOneOf(
                  "java.lang.System.getenv",
                  "java.lang.System.getProperty",
                  "java.lang.System.getProperties",
                  "java.lang.System.in",
                  "java.lang.System.out",
                  "java.lang.System.err"));

  @ArchTest
  static final ArchRule onlyTheCommandReadsTheClock =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.packetpath.cli..")
          .should()
          .accessTargetWhere(
              isOneOf(
                  "java.lang.System.nanoTime",
                  "java.lang.System.currentTimeMillis",
                  "java.lang.Math.random",
                  "java.time.Clock.system",
                  "java.time.Clock.systemDefaultZone",
                  "java.time.Clock.systemUTC",
                  "java.time.Instant.now",
                  "java.time.LocalDate.now",
                  "java.time.LocalDateTime.now",
                  "java.time.LocalTime.now",
                  "java.time.OffsetDateTime.now",
                  "java.time.ZonedDateTime.now"))
          .orShould()
          .accessTargetWhere(
              describe(
                  "is a random source without a seed",
                  access ->
                      access.getTarget() instanceof ConstructorCallTarget target
                          && RANDOM.contains(target.getOwner().getName())
                          && target.getRawParameterTypes().isEmpty()));

  @ArchTest
  static void theImportSeesTheModules(JavaClasses classes) {
    assertThat(classes.contain(Main.class)).isTrue();
    assertThat(classes.stream().map(JavaClass::getPackageName))
        .contains("dev.packetpath.core", "dev.packetpath.cli");
  }

  private static ArchRule useFewLibraries(List<String> models, String... more) {
    return classes()
        .that()
        .resideInAnyPackage(models.toArray(String[]::new))
        .should()
        .onlyDependOnClassesThat(
            JavaClass.Predicates.resideInAnyPackage(
                    "java..",
                    "dev.packetpath..",
                    "com.google.common..",
                    "com.google.errorprone.annotations..",
                    "org.jspecify..")
                .or(JavaClass.Predicates.resideInAnyPackage(more)));
  }

  private static DescribedPredicate<JavaAccess<?>> isOneOf(String... members) {
    Set<String> names = Set.of(members);
    return describe(
        "is one of " + String.join(", ", members),
        access ->
            names.contains(access.getTargetOwner().getName() + "." + access.getTarget().getName()));
  }

  /** Leaves out our own test classes and test-jars, in folders and in jars. */
  static final class NoTests implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/") && !location.contains("-tests.jar");
    }
  }
}
