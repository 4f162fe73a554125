package dev.twinstream.schemas.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/** Makes clients from configuration under Confluent's keys. */
public final class SchemaRegistryClients {
  private static final String MOCK = "mock://";
  private static final String URL = "schema.registry.url";
  private static final String CREDENTIALS_SOURCE = "basic.auth.credentials.source";
  private static final String USER_INFO = "basic.auth.user.info";
  private static final String AUTO_REGISTER = "auto.register.schemas";

  private SchemaRegistryClients() {}

  /**
   * A client for these keys; others are ignored.
   *
   * <ul>
   *   <li>{@code schema.registry.url}: one or more, a list or separated by commas; {@code
   *       mock://name} stays in this process
   *   <li>{@code basic.auth.credentials.source}: {@code URL} (the default: {@code
   *       http://user:password@host}) or {@code USER_INFO}
   *   <li>{@code basic.auth.user.info}: {@code user:password}
   *   <li>{@code auto.register.schemas}: default true
   * </ul>
   *
   * @throws ConfigException where a value is missing or can't be used; it shows no credentials
   */
  public static SchemaRegistryClient fromConfig(Map<String, ?> config) {
    List<String> urls =
        Arrays.stream(text(config, URL, "").split(","))
            .map(String::strip)
            .filter(u -> !u.isEmpty())
            .toList();
    if (urls.isEmpty()) {
      throw new ConfigException(URL + " is missing; name the registry's URL");
    }
    boolean autoRegister = flag(config);
    if (urls.stream().anyMatch(u -> u.startsWith(MOCK))) {
      if (urls.size() > 1) {
        throw new ConfigException(
            URL + ": found " + MOCK + " among " + urls.size() + " URLs, wanted it alone");
      }
      MockSchemaRegistry mock = MockSchemaRegistry.named(urls.get(0).substring(MOCK.length()));
      return autoRegister ? mock : mock.lookupOnly();
    }
    List<String> bases = new ArrayList<>();
    String inUrl = null;
    for (String url : urls) {
      URI uri = parse(url);
      if (inUrl == null && uri.getRawUserInfo() != null) {
        inUrl = URLDecoder.decode(uri.getRawUserInfo().replace("+", "%2B"), StandardCharsets.UTF_8);
      }
      bases.add(withoutUserInfo(uri));
    }
    return new HttpSchemaRegistryClient(bases, userInfo(config, inUrl), autoRegister);
  }

  private static String userInfo(Map<String, ?> config, String inUrl) {
    String source = text(config, CREDENTIALS_SOURCE, "URL").strip().toUpperCase(Locale.ROOT);
    switch (source) {
      case "URL":
        return inUrl;
      case "USER_INFO":
        String userInfo = text(config, USER_INFO, "");
        if (userInfo.indexOf(':') < 0) {
          throw new ConfigException(
              USER_INFO
                  + ": found "
                  + (userInfo.isEmpty() ? "nothing" : "no colon")
                  + ", wanted user:password, as "
                  + CREDENTIALS_SOURCE
                  + " is USER_INFO");
        }
        return userInfo;
      default:
        throw new ConfigException(
            CREDENTIALS_SOURCE + ": found " + source + ", wanted URL or USER_INFO");
    }
  }

  private static URI parse(String url) {
    try {
      URI uri = new URI(url);
      String scheme = uri.getScheme();
      if (uri.getHost() != null
          && ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Its message would show the credentials in the URL.
      throw new ConfigException(
          URL + ": found " + masked(url) + ", which is no URL: " + e.getReason());
    }
    throw new ConfigException(
        URL + ": found " + masked(url) + ", wanted http://, https:// or mock:// and a host");
  }

  private static String masked(String url) {
    return url.replaceAll("//.*@", "//***@");
  }

  private static String withoutUserInfo(URI uri) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return uri.getScheme() + "://" + uri.getHost() + port + path;
  }

  private static boolean flag(Map<String, ?> config) {
    String text = text(config, AUTO_REGISTER, "true").strip().toLowerCase(Locale.ROOT);
    if (!text.equals("true") && !text.equals("false")) {
      throw new ConfigException(AUTO_REGISTER + ": found " + text + ", wanted true or false");
    }
    return text.equals("true");
  }

  private static String text(Map<String, ?> config, String key, String fallback) {
    Object value = config.get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Password password) {
      return password.value();
    }
    if (value instanceof Collection<?> values) {
      return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
    return value.toString();
  }
}
