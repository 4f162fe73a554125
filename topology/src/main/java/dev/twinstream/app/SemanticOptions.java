package dev.twinstream.app;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import dev.twinstream.lsh.LshPlan;
import dev.twinstream.lsh.SemanticParameters;
import dev.twinstream.lsh.SemanticParameters.Family;
import java.util.Arrays;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/** How encodings become bucket keys. */
final class SemanticOptions {
  static final String TABLES = "semantic.tables";
  static final String FUNCTIONS = "semantic.functions";
  static final String PROBES = "semantic.probes";
  static final String FAMILY = "semantic.family";
  static final String THRESHOLD = "semantic.threshold";
  static final String STEP_WIDTH = "semantic.step.width";

  private SemanticOptions() {}

  static void addTo(ConfigDef definition) {
    definition
        .define(
            TABLES,
            Type.INT,
            8,
            between(1, LshPlan.MOST_TABLES),
            MEDIUM,
            "Semantic bucket keys an encoding is stored under. Part of the fingerprint.")
        .define(
            FUNCTIONS,
            Type.INT,
            2,
            between(1, 63),
            MEDIUM,
            "Polytopes, hyperplanes or projections that a semantic key joins. Part of the"
                + " fingerprint.")
        .define(
            PROBES,
            Type.INT,
            40,
            between(0, 1000),
            MEDIUM,
            "Semantic keys that an encoding looks under beside its own. Part of the fingerprint:"
                + " other probes find other twins.")
        .define(
            FAMILY,
            Type.STRING,
            Family.CROSS_POLYTOPE.word(),
            ValidString.in(Arrays.stream(Family.values()).map(Family::word).toArray(String[]::new)),
            MEDIUM,
            "What makes the semantic keys: cross-polytope, hyperplanes or euclidean. Part of the"
                + " fingerprint.")
        .define(
            THRESHOLD,
            Type.DOUBLE,
            0.88,
            between(0.01, 0.99),
            MEDIUM,
            "Cosine after centring from which texts should be brought together: a start warns"
                + " where the semantic keys bring together under 0.9 of such pairs.")
        .define(
            STEP_WIDTH,
            Type.INT,
            SemanticParameters.STEP_WIDTH,
            atLeast(1),
            MEDIUM,
            "Width of a step of euclidean keys, where an encoding's length is about 32767; lsh plan"
                + " names it. Part of the fingerprint.");
  }

  static SemanticParameters of(TwinstreamConfig config) {
    return new SemanticParameters(
        Family.of(config.getString(FAMILY)),
        config.getInt(TABLES),
        config.getInt(FUNCTIONS),
        config.getInt(PROBES),
        config.getInt(STEP_WIDTH),
        config.getLong(TwinstreamConfig.SEED));
  }

  /** These options' part of the line that shapes the state. */
  static String fingerprint(TwinstreamConfig config) {
    SemanticParameters parameters = of(config);
    String shape =
        String.format(
            Locale.ROOT,
            "%s:%dx%d+%d",
            parameters.family().word(),
            parameters.tables(),
            parameters.functions(),
            parameters.probes());
    return parameters.family() == Family.EUCLIDEAN ? shape + "/" + parameters.stepWidth() : shape;
  }
}
