package dev.twinstream.schemas.registry;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLParameters;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/**
 * HTTP clients under Kafka's TLS options: key and trust stores in JKS, PKCS12 or PEM. One serves
 * all users of the same options, since every JDK client has a thread of its own.
 */
final class RegistryTls {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Map<Map<String, ?>, HttpClient> CLIENTS = new ConcurrentHashMap<>();

  private RegistryTls() {}

  /**
   * @param options parsed {@code ssl.*} options; empty for the JDK's own trust store
   * @throws org.apache.kafka.common.KafkaException where a store can't be read
   */
  static HttpClient client(Map<String, ?> options) {
    return CLIENTS.computeIfAbsent(options, RegistryTls::make);
  }

  private static HttpClient make(Map<String, ?> options) {
    // HTTP/2 upgrades confuse some proxies.
    HttpClient.Builder client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    if (!options.isEmpty()) {
      DefaultSslEngineFactory tls = new DefaultSslEngineFactory();
      tls.configure(options);
      client.sslContext(tls.sslContext()).sslParameters(parameters(options));
    }
    return client.build();
  }

  private static SSLParameters parameters(Map<String, ?> options) {
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(strings(options.get(SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG)));
    parameters.setCipherSuites(strings(options.get(SslConfigs.SSL_CIPHER_SUITES_CONFIG)));
    return parameters;
  }

  private static String[] strings(Object listOrNull) {
    return listOrNull instanceof List<?> list && !list.isEmpty()
        ? list.stream().map(Object::toString).toArray(String[]::new)
        : null;
  }
}
