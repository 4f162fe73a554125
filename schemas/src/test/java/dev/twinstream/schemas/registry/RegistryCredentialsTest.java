package dev.twinstream.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twinstream.schemas.registry.FakeRegistryServer.Answer;
import dev.twinstream.schemas.registry.FakeRegistryServer.Request;
import dev.twinstream.schemas.registry.SchemaRegistryException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class RegistryCredentialsTest {
  private static final Schema SCHEMA = SchemaBuilder.builder().longType();
  private static final Answer ID_7 = new Answer(200, "{\"id\":7}");
  private static final String JAAS =
      "org.apache.kafka.common.security.plain.PlainLoginModule required"
          + " username=\"ann\" password=\"pa:ss\" clientId=\"ann\" clientSecret=\"pa:ss\";";

  private static final String OAUTH_JAAS =
      "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required"
          + " clientId=\"ann\" clientSecret=\"pa:ss\" scope=\"registry read\""
          + " extension_logicalCluster=\"lkc-1\" extension_identityPoolId=\"pool-2\";";

  /** The credentials that a registry sees under these options. */
  private static Request request(Map<String, String> options) throws IOException {
    try (FakeRegistryServer server = new FakeRegistryServer(ID_7)) {
      SchemaRegistryClients.fromConfig(with(options, "schema.registry.url", server.url()))
          .register("t-value", SCHEMA);
      return server.requests().get(0);
    }
  }

  private static Map<String, String> with(Map<String, String> options, String key, String value) {
    Map<String, String> all = new HashMap<>(options);
    all.put(key, value);
    return all;
  }

  private static Answer token(String token, int seconds) {
    return new Answer(200, "{\"access_token\":\"" + token + "\",\"expires_in\":" + seconds + "}");
  }

  @Test
  void shouldSendTheConfiguredUserInfo() throws IOException {
    Map<String, String> options =
        Map.of("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "ann:pa:ss");

    assertThat(request(options).authorization()).isEqualTo(basic("ann:pa:ss"));
  }

  @Test
  void shouldTakeCredentialsUnderThePrefixOfTheRegistry() throws IOException {
    Map<String, String> options =
        Map.of(
            "schema.registry.basic.auth.credentials.source", "USER_INFO",
            "schema.registry.basic.auth.user.info", "bob:word");

    assertThat(request(options).authorization()).isEqualTo(basic("bob:word"));
    assertThat(request(with(options, "basic.auth.user.info", "ann:pa:ss")).authorization())
        .isEqualTo(basic("ann:pa:ss"));
  }

  @Test
  void shouldInheritTheUserOfKafka() throws IOException {
    Map<String, String> options =
        Map.of("basic.auth.credentials.source", "SASL_INHERIT", "sasl.jaas.config", JAAS);

    assertThat(request(options).authorization()).isEqualTo(basic("ann:pa:ss"));
  }

  @Test
  void shouldSendTheUserInfoOfTheUrlAndNotShowIt() throws IOException {
    try (FakeRegistryServer server = new FakeRegistryServer(new Answer(403, "no"))) {
      SchemaRegistryClient client =
          SchemaRegistryClients.fromConfig(
              Map.of("schema.registry.url", "http://ann:s%3Ae+cret@" + server.authority()));

      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> client.byId(7))
          .withMessageContaining("answered 403")
          .matches(e -> !e.getMessage().contains("cret"));
      assertThat(server.requests().get(0).authorization()).isEqualTo(basic("ann:s:e+cret"));
    }
  }

  @Test
  void shouldSendTheUserInfoOfAUrlToNoOther() throws IOException {
    try (FakeRegistryServer broken = new FakeRegistryServer(new Answer(503, ""), ID_7);
        FakeRegistryServer other = new FakeRegistryServer(new Answer(401, "who?"))) {
      String urls = "http://ann:pass@" + broken.authority() + "," + other.url();
      SchemaRegistryClient client =
          SchemaRegistryClients.fromConfig(Map.of("schema.registry.url", urls));

      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> client.register("t-value", SCHEMA))
          .withMessageContaining("answered 401");
      assertThat(client.register("t-value", SCHEMA)).as("by the first again").isEqualTo(7);
      assertThat(broken.requests().get(1).authorization()).isEqualTo(basic("ann:pass"));
      assertThat(other.requests()).extracting(Request::authorization).containsOnlyNulls();
    }
  }

  @Test
  void shouldSendAStaticToken() throws IOException {
    Map<String, String> options =
        Map.of(
            "bearer.auth.credentials.source", "STATIC_TOKEN",
            "bearer.auth.token", "abc",
            "bearer.auth.logical.cluster", "lsrc-1",
            "bearer.auth.identity.pool.id", "pool-2");
    Request request = request(options);

    assertThat(request.authorization()).isEqualTo("Bearer abc");
    assertThat(request.header("target-sr-cluster")).isEqualTo("lsrc-1");
    assertThat(request.header("Confluent-Identity-Pool-Id")).isEqualTo("pool-2");
  }

  @Test
  void shouldTakeATokenThatEndsWithALineBreak() throws IOException {
    Map<String, String> options =
        Map.of("bearer.auth.credentials.source", "STATIC_TOKEN", "bearer.auth.token", "abc\n");

    assertThat(request(options).authorization()).isEqualTo("Bearer abc");
  }

  @Test
  void shouldNotShowATokenThatNoHeaderCanHold() throws IOException {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(
            () ->
                SchemaRegistryClients.fromConfig(
                    Map.of(
                        "schema.registry.url", "http://registry",
                        "bearer.auth.credentials.source", "STATIC_TOKEN",
                        "bearer.auth.token", "hidden\nhidden")))
        .withMessageContaining("bearer.auth.token: found a space, a line break")
        .matches(e -> !e.getMessage().contains("hidden"));
    try (FakeRegistryServer issuer = new FakeRegistryServer(token("hidden\\nhidden", 400))) {
      HttpSchemaRegistryClient client = withIssuer(issuer.url(), millis -> {});

      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> client.byId(7))
          .withMessageContaining("without an access_token that can be used")
          .matches(e -> !e.getMessage().contains("hidden"));
    }
  }

  @Test
  void shouldKeepAnIssuedTokenUntilNearItsEnd() throws IOException {
    try (FakeRegistryServer registry = new FakeRegistryServer(ID_7);
        FakeRegistryServer issuer = new FakeRegistryServer(token("one", 400), token("two", 0))) {
      SchemaRegistryClient client =
          SchemaRegistryClients.fromConfig(
              Map.of(
                  "schema.registry.url", registry.url(),
                  "bearer.auth.credentials.source", "OAUTHBEARER",
                  "bearer.auth.issuer.endpoint.url", issuer.url() + "/token",
                  "bearer.auth.client.id", "ann",
                  "bearer.auth.client.secret", "pa:ss",
                  "bearer.auth.scope", "registry read"));
      client.register("t-value", SCHEMA);
      client.register("u-value", SCHEMA);

      assertThat(issuer.requests()).hasSize(1);
      Request asked = issuer.requests().get(0);
      assertThat(asked.method() + " " + asked.path()).isEqualTo("POST /token");
      assertThat(asked.authorization()).isEqualTo(basic("ann:pa%3Ass"));
      assertThat(asked.body()).isEqualTo("grant_type=client_credentials&scope=registry+read");
      assertThat(registry.requests())
          .extracting(Request::authorization)
          .containsExactly("Bearer one", "Bearer one");
    }
  }

  @Test
  void shouldReplaceATokenThatHasEndedAndInheritKafkasIssuer() throws IOException {
    try (FakeRegistryServer registry = new FakeRegistryServer(ID_7);
        FakeRegistryServer issuer = new FakeRegistryServer(token("one", 0), token("two", 0))) {
      SchemaRegistryClient client =
          SchemaRegistryClients.fromConfig(
              Map.of(
                  "schema.registry.url",
                  registry.url(),
                  "bearer.auth.credentials.source",
                  "SASL_OAUTHBEARER_INHERIT",
                  "sasl.oauthbearer.token.endpoint.url",
                  issuer.url(),
                  "sasl.jaas.config",
                  JAAS));
      client.register("t-value", SCHEMA);
      client.register("u-value", SCHEMA);

      assertThat(issuer.requests().get(0).authorization()).isEqualTo(basic("ann:pa%3Ass"));
      assertThat(registry.requests())
          .extracting(Request::authorization)
          .containsExactly("Bearer one", "Bearer two");
    }
  }

  @Test
  void shouldNotBlameTheSchemaForARefusedToken() throws IOException {
    try (FakeRegistryServer issuer = new FakeRegistryServer(new Answer(401, "pa:ss is wrong"))) {
      SchemaRegistryClient client =
          SchemaRegistryClients.fromConfig(
              Map.of(
                  "schema.registry.url", "http://127.0.0.1:1",
                  "bearer.auth.credentials.source", "OAUTHBEARER",
                  "bearer.auth.issuer.endpoint.url", issuer.url(),
                  "bearer.auth.client.id", "ann",
                  "bearer.auth.client.secret", "pa:ss"));

      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> client.byId(7))
          .withMessageContaining("token issuer " + issuer.url() + " answered 401")
          .matches(e -> e.reason() == Reason.UNAUTHORIZED)
          .matches(e -> !e.getMessage().contains("pa:ss"));
    }
  }

  /** What an issuer and then a registry are asked under options that inherit Kafka's login. */
  private static List<Request> inherited(String jaas, Map<String, String> more) throws IOException {
    try (FakeRegistryServer registry = new FakeRegistryServer(ID_7);
        FakeRegistryServer issuer = new FakeRegistryServer(token("one", 400))) {
      Map<String, String> options = new HashMap<>();
      options.put("schema.registry.url", registry.url());
      options.put("bearer.auth.credentials.source", "SASL_OAUTHBEARER_INHERIT");
      options.put("sasl.oauthbearer.token.endpoint.url", issuer.url() + "/kafkas");
      options.put("sasl.jaas.config", jaas);
      more.forEach((key, value) -> options.put(key, value.replace("ISSUER", issuer.url())));
      SchemaRegistryClients.fromConfig(options).register("t-value", SCHEMA);
      return List.of(issuer.requests().get(0), registry.requests().get(0));
    }
  }

  @Test
  void shouldInheritScopeAndIdentityPool() throws IOException {
    List<Request> requests = inherited(OAUTH_JAAS, Map.of());

    assertThat(requests.get(0).authorization()).isEqualTo(basic("ann:pa%3Ass"));
    assertThat(requests.get(0).body())
        .isEqualTo("grant_type=client_credentials&scope=registry+read");
    assertThat(requests.get(1).header("Confluent-Identity-Pool-Id")).isEqualTo("pool-2");
    assertThat(requests.get(1).header("target-sr-cluster")).isNull();
    assertThat(inherited(JAAS, Map.of("sasl.oauthbearer.scope", "all")).get(0).body())
        .endsWith("&scope=all");
  }

  @Test
  void shouldPreferTheRegistrysOwnKeysToWhatItInherits() throws IOException {
    List<Request> requests =
        inherited(
            OAUTH_JAAS,
            Map.of(
                "bearer.auth.issuer.endpoint.url", "ISSUER/registrys",
                "bearer.auth.client.id", "bob",
                "bearer.auth.client.secret", "word",
                "bearer.auth.scope", "mine",
                "bearer.auth.identity.pool.id", "pool-3"));

    assertThat(requests.get(0).path()).isEqualTo("/registrys");
    assertThat(requests.get(0).authorization()).isEqualTo(basic("bob:word"));
    assertThat(requests.get(0).body()).isEqualTo("grant_type=client_credentials&scope=mine");
    assertThat(requests.get(1).header("Confluent-Identity-Pool-Id")).isEqualTo("pool-3");
  }

  private static HttpSchemaRegistryClient withIssuer(String url, Sleeper sleeper) {
    return new HttpSchemaRegistryClient(
        new RegistryConfig(
            Map.of(
                "schema.registry.url", "http://127.0.0.1:1",
                "bearer.auth.credentials.source", "OAUTHBEARER",
                "bearer.auth.issuer.endpoint.url", url,
                "bearer.auth.client.id", "ann",
                "bearer.auth.client.secret", "pa:ss")),
        sleeper);
  }

  @Test
  void shouldTryAgainWhereTheIssuerIsAway() throws IOException {
    List<Long> pauses = new ArrayList<>();
    try (FakeRegistryServer registry = new FakeRegistryServer(ID_7);
        FakeRegistryServer issuer =
            new FakeRegistryServer(
                new Answer(503, ""), new Answer(429, ""), new Answer(408, ""), token("one", 400))) {
      HttpSchemaRegistryClient client =
          new HttpSchemaRegistryClient(
              new RegistryConfig(
                  Map.of(
                      "schema.registry.url",
                      registry.url(),
                      "bearer.auth.credentials.source",
                      "OAUTHBEARER",
                      "bearer.auth.issuer.endpoint.url",
                      issuer.url(),
                      "bearer.auth.client.id",
                      "ann")),
              pauses::add);

      assertThat(client.register("t-value", SCHEMA)).isEqualTo(7);
      assertThat(issuer.requests()).hasSize(4);
      assertThat(registry.requests()).hasSize(1);
      assertThat(pauses).hasSize(3);
    }
  }

  @Test
  void shouldGiveUpOnAnIssuerThatStaysAwayAndNotShowItsCredentials() {
    List<Long> pauses = new ArrayList<>();
    HttpSchemaRegistryClient client =
        withIssuer("http://ann:hidden@127.0.0.1:1/token?key=hidden", pauses::add);

    assertThatExceptionOfType(SchemaRegistryException.class)
        .isThrownBy(() -> client.byId(7))
        .withMessageContaining("token issuer http://127.0.0.1:1/token: ")
        .matches(e -> e.reason() == Reason.UNREACHABLE)
        .matches(e -> !e.getMessage().contains("hidden"));
    assertThat(pauses).hasSize(11);
  }

  @Test
  void shouldNotRepeatWhatTheIssuerRefuses() throws IOException {
    try (FakeRegistryServer issuer = new FakeRegistryServer(new Answer(400, "who?"))) {
      HttpSchemaRegistryClient client = withIssuer(issuer.url(), millis -> {});

      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> client.byId(7))
          .matches(e -> e.reason() == Reason.UNAUTHORIZED);
      assertThat(issuer.requests()).hasSize(1);
    }
  }

  @Test
  void shouldNameWhatIsMissing() {
    assertRefused(Map.of("basic.auth.credentials.source", "USER_INFO"), "found nothing");
    assertRefused(
        Map.of("basic.auth.credentials.source", "SASL_INHERIT"), "username in sasl.jaas.config");
    assertRefused(
        Map.of("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "secret"),
        "found no colon");
    assertRefused(
        Map.of("bearer.auth.credentials.source", "STATIC_TOKEN"), "bearer.auth.token is missing");
    assertRefused(
        Map.of("bearer.auth.credentials.source", "OAUTHBEARER"),
        "bearer.auth.issuer.endpoint.url is missing");
    assertRefused(
        Map.of(
            "bearer.auth.credentials.source", "OAUTHBEARER",
            "bearer.auth.issuer.endpoint.url", "http://issuer"),
        "bearer.auth.client.id is missing");
    assertRefused(
        Map.of(
            "bearer.auth.credentials.source", "SASL_OAUTHBEARER_INHERIT",
            "sasl.oauthbearer.token.endpoint.url", "http://issuer"),
        "clientId in sasl.jaas.config is missing");
    assertRefused(
        Map.of(
            "bearer.auth.credentials.source", "OAUTHBEARER",
            "bearer.auth.issuer.endpoint.url", "ann:secret @issuer",
            "bearer.auth.client.id", "ann"),
        "bearer.auth.issuer.endpoint.url: found ***@issuer, which is no URL");
    assertRefused(
        Map.of(
            "bearer.auth.credentials.source", "STATIC_TOKEN",
            "bearer.auth.token", "secret",
            "basic.auth.credentials.source", "URL"),
        "wanted one");
  }

  private static void assertRefused(Map<String, String> options, String message) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(
            () ->
                SchemaRegistryClients.fromConfig(
                    with(options, "schema.registry.url", "http://registry")))
        .withMessageContaining(message)
        .matches(e -> !e.getMessage().contains("secret "));
  }

  private static String basic(String userInfo) {
    return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
  }
}
