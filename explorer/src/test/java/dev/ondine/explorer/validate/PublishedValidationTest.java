package dev.ondine.explorer.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ondine.roofline.catalogue.Catalogue;
import org.junit.jupiter.api.Test;

final class PublishedValidationTest {

    @Test
    void prints() {
        PublishedReport report = new PublishedValidation(Catalogue.builtIn()).run();
        report.pointTable().forEach(System.out::println);
        report.summaryTables().forEach(System.out::println);
        assertThat(report.residuals()).isNotEmpty();
    }
}
