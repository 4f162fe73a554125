package dev.twinstream.app;

import dev.twinstream.app.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.errors.SaslAuthenticationException;

/**
 * A broker whose only listener for clients wants a certificate and a password, and which allows
 * nothing that was not granted. The user {@code admin} may do all.
 */
final class SecuredBroker implements AutoCloseable {
  private static final int MOST_TRIES = 150;

  static final String STORE_PASSWORD = "store-s3cret";
  private static final String ADMIN_PASSWORD = "admin-s3cret";
  private static final int ITERATIONS = 4096;

  private final EmbeddedBroker broker;
  private final Path store;

  SecuredBroker(Path folder) throws IOException, InterruptedException {
    store = folder.resolve("keys.p12");
    makeKeys();
    Map<String, String> options = new HashMap<>();
    options.put("listener.security.protocol.map", "PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT");
    options.put("inter.broker.listener.name", "PLAINTEXT");
    options.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512");
    options.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    options.put(
        "listener.name.plaintext.plain.sasl.jaas.config",
        plain("admin", ADMIN_PASSWORD).replace(";", " user_admin=\"" + ADMIN_PASSWORD + "\";"));
    options.put("listener.name.plaintext.scram-sha-512.sasl.jaas.config", scram("none", "none"));
    options.put("ssl.client.auth", "required");
    options.putAll(stores());
    options.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    options.put("super.users", "User:admin;User:ANONYMOUS");
    broker = EmbeddedBroker.start(folder.resolve("broker"), options);
  }

  private void makeKeys() throws IOException, InterruptedException {
    Path log = Files.createTempFile("keytool", ".log");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "broker",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                STORE_PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool: " + Files.readString(log));
    }
    Files.delete(log);
  }

  private Map<String, String> stores() {
    return Map.of(
        "ssl.keystore.location",
        store.toString(),
        "ssl.keystore.password",
        STORE_PASSWORD,
        "ssl.truststore.location",
        store.toString(),
        "ssl.truststore.password",
        STORE_PASSWORD);
  }

  private static String plain(String user, String password) {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\""
        + user
        + "\" password=\""
        + password
        + "\";";
  }

  static String scram(String user, String password) {
    return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
        + user
        + "\" password=\""
        + password
        + "\";";
  }

  /** Options of a client of that user. */
  Map<String, String> client(String user, String password) {
    Map<String, String> options = new HashMap<>(stores());
    options.put("bootstrap.servers", broker.bootstrapServers());
    options.put("security.protocol", "SASL_SSL");
    boolean admin = user.equals("admin");
    options.put("sasl.mechanism", admin ? "PLAIN" : "SCRAM-SHA-512");
    options.put("sasl.jaas.config", admin ? plain(user, password) : scram(user, password));
    return options;
  }

  Map<String, String> admin() {
    return client("admin", ADMIN_PASSWORD);
  }

  /** Makes a user with these rights. */
  void addUser(String user, String password, Collection<AclBinding> rights) throws Exception {
    try (Admin admin = Admin.create(Map.copyOf(admin()))) {
      ScramCredentialInfo kind = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS);
      admin
          .alterUserScramCredentials(
              List.of(new UserScramCredentialUpsertion(user, kind, password)))
          .all()
          .get();
      admin.createAcls(rights).all().get();
      awaitRights(admin, rights);
    }
    awaitUser(client(user, password));
  }

  /** What the controller has taken, the broker learns a moment later. */
  private static void awaitRights(Admin admin, Collection<AclBinding> rights) throws Exception {
    for (int tries = 1; !known(admin).containsAll(rights); tries++) {
      if (tries == MOST_TRIES) {
        throw new IllegalStateException("the broker did not learn of the rights " + rights);
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private static Collection<AclBinding> known(Admin admin) throws Exception {
    return admin.describeAcls(AclBindingFilter.ANY).values().get();
  }

  private static void awaitUser(Map<String, String> client) throws Exception {
    for (int tries = 1; ; tries++) {
      try (Admin user = Admin.create(Map.copyOf(client))) {
        user.describeCluster().clusterId().get();
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof SaslAuthenticationException) || tries == MOST_TRIES) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }
  }

  @Override
  public void close() throws IOException {
    broker.close();
  }
}
