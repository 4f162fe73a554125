package dev.twinstream.schemas.registry;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;

/** What clients and serdes of a schema registry are told, under Confluent's keys. */
public final class RegistryConfig extends AbstractConfig {
  public static final String URL = "schema.registry.url";
  public static final String AUTO_REGISTER = "auto.register.schemas";
  public static final String USE_LATEST = "use.latest.version";
  public static final String NORMALIZE = "normalize.schemas";
  public static final String KEY_STRATEGY = "key.subject.name.strategy";
  public static final String VALUE_STRATEGY = "value.subject.name.strategy";
  public static final String BASIC_SOURCE = "basic.auth.credentials.source";
  public static final String BASIC_USER_INFO = "basic.auth.user.info";
  public static final String BEARER_SOURCE = "bearer.auth.credentials.source";
  public static final String BEARER_TOKEN = "bearer.auth.token";
  public static final String BEARER_ISSUER = "bearer.auth.issuer.endpoint.url";
  public static final String BEARER_CLIENT_ID = "bearer.auth.client.id";
  public static final String BEARER_CLIENT_SECRET = "bearer.auth.client.secret";
  public static final String BEARER_SCOPE = "bearer.auth.scope";
  public static final String BEARER_CLUSTER = "bearer.auth.logical.cluster";
  public static final String BEARER_POOL = "bearer.auth.identity.pool.id";
  public static final String BEARER_EXPIRY_BUFFER = "bearer.auth.cache.expiry.buffer.seconds";
  public static final String READ_TIMEOUT = "http.read.timeout.ms";

  /** Before Kafka's own {@code ssl.*} keys, and also before those of credentials. */
  static final String PREFIX = "schema.registry.";

  /** Begins the URL of a registry that lives in this process alone. */
  public static final String MOCK = "mock://";

  private static final ConfigDef DEFINITION =
      new ConfigDef()
          .define(URL, Type.LIST, List.of(), HIGH, "The registry's URLs, tried in turn.")
          .define(
              AUTO_REGISTER,
              Type.BOOLEAN,
              true,
              MEDIUM,
              "Whether unknown schemas are registered; else they are only looked up.")
          .define(
              USE_LATEST,
              Type.BOOLEAN,
              false,
              LOW,
              "Whether records are written with the subject's latest schema; in force only where"
                  + " nothing is registered.")
          .define(
              NORMALIZE,
              Type.BOOLEAN,
              false,
              LOW,
              "Whether the registry brings schemas into a standard form before it compares them.")
          .define(KEY_STRATEGY, Type.STRING, "TopicNameStrategy", LOW, "Names subjects of keys.")
          .define(
              VALUE_STRATEGY, Type.STRING, "TopicNameStrategy", MEDIUM, "Names subjects of values.")
          .define(
              BASIC_SOURCE,
              Type.STRING,
              "URL",
              ValidString.in("URL", "USER_INFO", "SASL_INHERIT"),
              MEDIUM,
              "Where user and password stand: in the URL, in "
                  + BASIC_USER_INFO
                  + ", or in Kafka's "
                  + SaslConfigs.SASL_JAAS_CONFIG
                  + ".")
          .define(BASIC_USER_INFO, Type.PASSWORD, "", MEDIUM, "user:password")
          .define(
              BEARER_SOURCE,
              Type.STRING,
              "",
              ValidString.in(
                  "", "STATIC_TOKEN", "OAUTHBEARER", RegistryCredentials.INHERITED_TOKENS),
              MEDIUM,
              "Where tokens come from: "
                  + BEARER_TOKEN
                  + ", an OAuth issuer under these keys, or the issuer that Kafka's own clients"
                  + " ask.")
          .define(BEARER_TOKEN, Type.PASSWORD, "", MEDIUM, "A token that stays.")
          .define(BEARER_ISSUER, Type.STRING, "", MEDIUM, "The OAuth issuer's token endpoint.")
          .define(BEARER_CLIENT_ID, Type.STRING, "", MEDIUM, "Client id at the issuer.")
          .define(BEARER_CLIENT_SECRET, Type.PASSWORD, "", MEDIUM, "Its secret.")
          .define(BEARER_SCOPE, Type.STRING, "", LOW, "OAuth scope that is asked for.")
          .define(BEARER_CLUSTER, Type.STRING, "", LOW, "Confluent Cloud's registry cluster.")
          .define(BEARER_POOL, Type.STRING, "", LOW, "Confluent Cloud's identity pool.")
          .define(
              BEARER_EXPIRY_BUFFER,
              Type.INT,
              300,
              ConfigDef.Range.atLeast(0),
              LOW,
              "Seconds before its end in which a token is replaced.")
          .define(
              READ_TIMEOUT,
              Type.INT,
              20_000,
              ConfigDef.Range.atLeast(1),
              LOW,
              "Milliseconds for a whole answer of the registry, or of the OAuth issuer.");

  private static final ConfigDef TLS = new ConfigDef().withClientSslSupport();

  private final List<String> urls = new ArrayList<>();
  private final List<String> userInfos = new ArrayList<>();

  /**
   * @param config its other keys are ignored
   * @throws ConfigException where a value is missing or can't be used; it shows no credentials
   */
  public RegistryConfig(Map<String, ?> config) {
    super(DEFINITION, withCredentials(config), false);
    List<String> given =
        getList(URL).stream().map(String::strip).filter(u -> !u.isEmpty()).toList();
    for (int i = 0; i < given.size(); i++) {
      add(given, i);
    }
    if (urls.isEmpty()) {
      throw new ConfigException(URL + " is missing; name the registry's URL");
    }
    if (urls.size() > 1 && urls.stream().anyMatch(u -> u.startsWith(MOCK))) {
      throw new ConfigException(
          URL + ": found " + MOCK + " among " + urls.size() + " URLs, wanted it alone");
    }
  }

  /** Confluent's clients take credentials behind the prefix too; a key without it goes first. */
  private static Map<String, Object> withCredentials(Map<String, ?> config) {
    Map<String, Object> all = new HashMap<>(config);
    DEFINITION.names().stream()
        .filter(name -> name.startsWith("basic.auth.") || name.startsWith("bearer.auth."))
        .filter(name -> config.containsKey(PREFIX + name))
        .forEach(name -> all.putIfAbsent(name, config.get(PREFIX + name)));
    return all;
  }

  /** The keys that are read; Kafka's {@code ssl.*} keys are read with a prefix as well. */
  public static Set<String> names() {
    return DEFINITION.names();
  }

  private void add(List<String> given, int index) {
    if (given.get(index).startsWith(MOCK)) {
      urls.add(given.get(index));
      return;
    }
    URI uri = HttpUrls.parse(URL, given, index, "http://, https:// or mock://");
    String userInfo = uri.getRawUserInfo();
    userInfos.add(
        userInfo == null
            ? null
            : URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8));
    urls.add(HttpUrls.shown(uri).replaceAll("/+$", ""));
  }

  /** Base URLs without credentials and closing slash; or one that begins with {@link #MOCK}. */
  List<String> urls() {
    return urls;
  }

  /** {@code user:password} of each URL; null where it has none. */
  List<String> userInfos() {
    return userInfos;
  }

  /** How long a whole answer of the registry, or of the OAuth issuer, is awaited. */
  Duration answerWithin() {
    return Duration.ofMillis(getInt(READ_TIMEOUT));
  }

  /** Whether unknown schemas are registered. */
  public boolean autoRegister() {
    return getBoolean(AUTO_REGISTER);
  }

  /** Whether records are written with the latest schema of their subject, whatever the class. */
  public boolean writesLatest() {
    return getBoolean(USE_LATEST) && !autoRegister();
  }

  /**
   * How subjects of keys, or of values, are named.
   *
   * @throws ConfigException where the name is of no known strategy
   */
  public SubjectName subjectName(boolean isKey) {
    String key = isKey ? KEY_STRATEGY : VALUE_STRATEGY;
    return SubjectName.of(key, getString(key), isKey);
  }

  /** Kafka's {@code ssl.*} options for connections to the registry; empty where none are set. */
  Map<String, ?> tls() {
    Map<String, Object> given = originalsWithPrefix(PREFIX);
    given.keySet().removeIf(key -> !key.startsWith("ssl."));
    if (given.isEmpty()) {
      return Map.of();
    }
    Object algorithm = given.get(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG);
    if (algorithm != null && !algorithm.toString().equalsIgnoreCase("https")) {
      throw new ConfigException(
          PREFIX
              + SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG
              + ": found "
              + (algorithm.toString().isEmpty() ? "nothing" : algorithm)
              + ", wanted https: the registry's host name is always checked");
    }
    return new AbstractConfig(TLS, given, false).values();
  }
}
