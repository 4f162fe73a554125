package dev.twinstream.app;

import java.util.Map;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.server.policy.CreateTopicPolicy;

/** Limits of new topics as a managed cluster has them; the broker makes it by its name. */
public final class LimitedTopics implements CreateTopicPolicy {
  static final int MOST_BYTES = 8_388_608;
  private static final long LEAST_SEGMENT = 50L * 1024 * 1024;

  @Override
  public void configure(Map<String, ?> options) {}

  @Override
  public void validate(RequestMetadata topic) {
    long bytes = Long.parseLong(topic.configs().getOrDefault("max.message.bytes", "0"));
    if (bytes > MOST_BYTES) {
      throw new PolicyViolationException(
          "Config property 'max.message.bytes' with value '"
              + bytes
              + "' exceeded max limit of "
              + MOST_BYTES);
    }
    String segment = topic.configs().get("segment.bytes");
    if (segment != null && Long.parseLong(segment) < LEAST_SEGMENT) {
      throw new PolicyViolationException("Config property 'segment.bytes' is under its limit");
    }
  }

  @Override
  public void close() {}
}
