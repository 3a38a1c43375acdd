package dev.tagstream.topology.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpLimitsTest {
  private static final String PROPERTY = "sun.net.httpserver.maxReqTime";

  private final String before = System.getProperty(PROPERTY);

  @AfterEach
  void restore() {
    System.setProperty(PROPERTY, before);
  }

  @Test
  void aRequestMayNotTakeForeverUnlessSomebodySaysSo() {
    System.clearProperty(PROPERTY);
    HttpLimits.apply();
    assertThat(Integer.parseInt(System.getProperty(PROPERTY))).isPositive();

    System.setProperty(PROPERTY, "99");
    HttpLimits.apply();
    assertThat(System.getProperty(PROPERTY)).isEqualTo("99");
  }
}
