package dev.tagstream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

/** The rooms of the house and the arrows between them, as the README draws them. */
@AnalyzeClasses(packages = "dev.tagstream", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String TOPOLOGY = "dev.tagstream.topology";

  @ArchTest
  static final ArchRule theModelKnowsNoKafkaAndNoSchemas =
      noClasses()
          .that()
          .resideInAPackage("dev.tagstream.model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.kafka..",
              "org.apache.avro..",
              "io.confluent..",
              "dev.tagstream.schemas..",
              "dev.tagstream.events..",
              TOPOLOGY + "..");

  @ArchTest
  static final ArchRule theSchemasKnowNeitherKafkaStreamsNorTheModel =
      noClasses()
          .that()
          .resideInAnyPackage("dev.tagstream.schemas..", "dev.tagstream.events..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.kafka.streams..", "dev.tagstream.model..", TOPOLOGY + "..");

  @ArchTest
  static final ArchRule commitAndBatchKnowNothingOfImages =
      noClasses()
          .that()
          .resideInAnyPackage(TOPOLOGY + ".commit..", TOPOLOGY + ".batch..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.tagstream.model..",
              "dev.tagstream.schemas..",
              "dev.tagstream.events..",
              TOPOLOGY + ".tagging..",
              TOPOLOGY + ".config..",
              TOPOLOGY + ".cli..");

  @ArchTest
  static final ArchRule onlyCommitBatchAndTheTopologyItselfTouchKafkaStreams =
      noClasses()
          .that()
          .resideInAnyPackage(
              TOPOLOGY + ".source..", TOPOLOGY + ".labels..", TOPOLOGY + ".tagging..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka.streams..");

  @ArchTest
  static final ArchRule nothingButTheCommandLineUsesTheCommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackage(TOPOLOGY + ".cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(TOPOLOGY + ".cli..");

  @ArchTest
  static final ArchRule theRoomsHaveNoWayBack =
      slices().matching("dev.tagstream.(*).(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule everyClassOfOursIsNullMarkedByItsPackage =
      classes()
          .that()
          .resideInAPackage("dev.tagstream..")
          .and(handWritten())
          .should(beInANullMarkedPackage());

  @ArchTest
  static final ArchRule namesSayWhatAClassDoes =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Util");

  private static DescribedPredicate<JavaClass> handWritten() {
    return DescribedPredicate.describe(
        "not generated from a schema",
        type -> !type.getPackageName().equals("dev.tagstream.events"));
  }

  private static ArchCondition<JavaClass> beInANullMarkedPackage() {
    return new ArchCondition<>("be in a null-marked package") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
        events.add(
            new SimpleConditionEvent(
                type, marked, type.getName() + " is in a package without @NullMarked"));
      }
    };
  }
}
