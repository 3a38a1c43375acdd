package dev.tagstream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The rooms of the house and the arrows between them, as the README draws them. */
class ArchitectureTest {
  private static final String TOPOLOGY = "dev.tagstream.topology";
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.tagstream");

  @Test
  void theModelKnowsNoKafkaAndNoSchemas() {
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
            TOPOLOGY + "..")
        .check(HOUSE);
  }

  @Test
  void theSchemasKnowNeitherKafkaStreamsNorTheModel() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.tagstream.schemas..", "dev.tagstream.events..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka.streams..", "dev.tagstream.model..", TOPOLOGY + "..")
        .check(HOUSE);
  }

  @Test
  void commitAndBatchKnowNothingOfImages() {
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
            TOPOLOGY + ".cli..")
        .check(HOUSE);
  }

  @Test
  void onlyCommitBatchAndTheTopologyItselfTouchKafkaStreams() {
    noClasses()
        .that()
        .resideInAnyPackage(TOPOLOGY + ".source..", TOPOLOGY + ".labels..", TOPOLOGY + ".tagging..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka.streams..")
        .check(HOUSE);
  }

  @Test
  void whatIsMeasuredKnowsNothingOfWhoMeasuresOrShowsIt() {
    noClasses()
        .that()
        .resideInAnyPackage(
            TOPOLOGY + ".commit..",
            TOPOLOGY + ".batch..",
            TOPOLOGY + ".source..",
            TOPOLOGY + ".labels..",
            TOPOLOGY + ".tagging..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..", TOPOLOGY + ".metrics..", TOPOLOGY + ".web..")
        .check(HOUSE);
  }

  @Test
  void theWebShowsWhatItIsGivenAndNeedsNoOtherRoom() {
    noClasses()
        .that()
        .resideInAPackage(TOPOLOGY + ".web..")
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage("dev.tagstream..")
                .and(
                    DescribedPredicate.not(
                        JavaClass.Predicates.resideInAPackage(TOPOLOGY + ".web.."))))
        .check(HOUSE);
  }

  @Test
  void nothingButTheCommandLineUsesTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage(TOPOLOGY + ".cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(TOPOLOGY + ".cli..")
        .check(HOUSE);
  }

  @Test
  void theRoomsHaveNoWayBack() {
    slices().matching("dev.tagstream.(*).(*)..").should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  void everyClassOfOursIsNullMarkedByItsPackage() {
    classes()
        .that()
        .resideInAPackage("dev.tagstream..")
        .and(handWritten())
        .should(beInANullMarkedPackage())
        .check(HOUSE);
  }

  @Test
  void namesSayWhatAClassDoes() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .check(HOUSE);
  }

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
