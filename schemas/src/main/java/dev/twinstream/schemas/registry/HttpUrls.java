package dev.twinstream.schemas.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/** URLs of an option. What is wrong with one is said without the credentials that it may hold. */
final class HttpUrls {
  private static final Pattern SCHEME = Pattern.compile("(?i)https?:/*|[a-z][a-z0-9+.-]*://");

  /** A colon that no port follows: what follows may be a password. */
  private static final Pattern NO_PORT = Pattern.compile(":(?!\\d{1,5}(?:[/?#]|$))");

  private static final Pattern UNDERSCORE =
      Pattern.compile("(?:[^@]*@)*[A-Za-z0-9.-]*_[A-Za-z0-9._-]*(?::\\d+)?");

  private HttpUrls() {}

  /**
   * One of the option's URLs.
   *
   * @param urls all that the option's value names
   * @throws ConfigException where it is no URL of HTTP with a host; it shows no credentials
   */
  static URI parse(String option, List<String> urls, int index, String wanted) {
    String url = urls.get(index);
    String fault;
    try {
      URI uri = new URI(url);
      boolean http =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      if (http && uri.getHost() != null) {
        return uri;
      }
      String authority = uri.getRawAuthority();
      fault =
          http && authority != null && UNDERSCORE.matcher(authority).matches()
              ? "; java.net.URI takes no underscore in a host name: give the host another name or"
                  + " an alias without one, as schema-registry for schema_registry"
              : ", wanted " + wanted + " and a host";
    } catch (URISyntaxException e) {
      // Its message would show the credentials in the URL.
      fault = ", which is no URL: " + e.getReason();
    }
    String comma =
        urls.size() > 1 && mayHoldCredentials(urls)
            ? "; a comma in a user's name or password is written %2C"
            : "";
    throw new ConfigException(option + ": found " + masked(urls, index) + fault + comma);
  }

  private static boolean mayHoldCredentials(List<String> urls) {
    return urls.stream().anyMatch(u -> u.contains("@") || NO_PORT.matcher(rest(u)).find());
  }

  private static String rest(String url) {
    return url.substring(scheme(url).length());
  }

  private static String scheme(String url) {
    Matcher scheme = SCHEME.matcher(url);
    return scheme.lookingAt() ? scheme.group() : "";
  }

  /** A password with a comma makes two URLs of one: then neither shows more than its scheme. */
  private static String masked(List<String> urls, int index) {
    String url = urls.get(index);
    String rest = rest(url);
    if (!mayHoldCredentials(urls)) {
      return url;
    }
    if (urls.size() == 1 && rest.contains("@")) {
      return scheme(url) + "***@" + rest.substring(rest.lastIndexOf('@') + 1);
    }
    return scheme(url) + "*** (" + (index + 1) + " of " + urls.size() + ")";
  }

  /** Scheme, host, port and path alone. */
  static String shown(URI url) {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    return url.getScheme() + "://" + url.getHost() + port + path;
  }
}
