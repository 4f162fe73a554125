package dev.twinstream.app;

import dev.twinstream.app.PlannedTopic.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The rights that the application needs on a cluster where its topics have been made. */
final class Grants {
  private static final String ANY_HOST = "*";

  private final String principal;
  private final List<AclBinding> bindings = new ArrayList<>();

  private Grants(String principal) {
    this.principal = principal;
  }

  /**
   * @param principal as Kafka writes it, such as {@code User:twinstream}
   */
  static List<AclBinding> of(TwinstreamConfig config, String principal) {
    Grants grants = new Grants(principal);
    String id = config.getString(TwinstreamConfig.APPLICATION_ID);
    // The second group is the encoder's; its id begins with the first.
    grants.prefixed(ResourceType.GROUP, id, AclOperation.READ);
    grants.prefixed(ResourceType.TRANSACTIONAL_ID, id, AclOperation.WRITE);
    for (AclOperation operation :
        List.of(
            AclOperation.READ,
            AclOperation.WRITE,
            AclOperation.CREATE,
            AclOperation.DESCRIBE_CONFIGS)) {
      grants.prefixed(ResourceType.TOPIC, id + "-", operation);
    }
    for (PlannedTopic topic : TopicPlan.of(config)) {
      if (topic.kind() == Kind.INPUT) {
        grants.topic(topic.name(), AclOperation.READ);
        // For topics check.
        grants.topic(topic.name(), AclOperation.DESCRIBE_CONFIGS);
      } else if (topic.kind() == Kind.OUTPUT) {
        grants.topic(topic.name(), AclOperation.WRITE);
        // A start looks whether the output takes records of the size that may come.
        grants.topic(topic.name(), AclOperation.DESCRIBE_CONFIGS);
      }
    }
    return grants.bindings;
  }

  private void prefixed(ResourceType type, String prefix, AclOperation operation) {
    add(new ResourcePattern(type, prefix, PatternType.PREFIXED), operation);
  }

  private void topic(String name, AclOperation operation) {
    add(new ResourcePattern(ResourceType.TOPIC, name, PatternType.LITERAL), operation);
  }

  private void add(ResourcePattern resource, AclOperation operation) {
    bindings.add(
        new AclBinding(
            resource,
            new AccessControlEntry(principal, ANY_HOST, operation, AclPermissionType.ALLOW)));
  }

  /** The grant as options of Kafka's own command, kafka-acls.sh. */
  static String command(AclBinding grant) {
    ResourcePattern resource = grant.pattern();
    return "kafka-acls.sh --add --allow-principal "
        + grant.entry().principal()
        + " --operation "
        + word(grant.entry().operation().name())
        + switch (resource.resourceType()) {
          case GROUP -> " --group ";
          case TRANSACTIONAL_ID -> " --transactional-id ";
          default -> " --topic ";
        }
        + resource.name()
        + (resource.patternType() == PatternType.PREFIXED
            ? " --resource-pattern-type prefixed"
            : "");
  }

  private static String word(String constant) {
    StringBuilder word = new StringBuilder();
    for (String part : constant.split("_")) {
      word.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
    }
    return word.toString();
  }
}
