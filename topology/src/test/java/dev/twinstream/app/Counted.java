package dev.twinstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** The counters of an application in this process, as operators see them. */
final class Counted {
  private Counted() {}

  /** The sum over all tasks, one of which must have it. */
  static double total(String name) throws Exception {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    double total = 0;
    int tasks = 0;
    for (ObjectName bean :
        beans.queryNames(new ObjectName("kafka.streams:type=twinstream,*"), null)) {
      if (Stream.of(beans.getMBeanInfo(bean).getAttributes())
          .map(MBeanAttributeInfo::getName)
          .anyMatch(name::equals)) {
        total += (double) beans.getAttribute(bean, name);
        tasks++;
      }
    }
    assertThat(tasks).as("tasks that count %s", name).isPositive();
    return total;
  }
}
