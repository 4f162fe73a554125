package dev.twinstream.lsh;

/** Families that parameters can be planned for. */
public enum PlannedFamily {
  /** {@link MinHashFamily}. */
  MINHASH("Jaccard similarity", "bands", "rows"),
  /** {@link SimHash}. */
  SIMHASH("cosine of the shingle sets", "tables", "bits"),
  /** {@link RandomHyperplanes}. */
  HYPERPLANES("cosine", "tables", "bits"),
  /** {@link CrossPolytope}. */
  CROSS_POLYTOPE("cosine", "tables", "polytopes"),
  /** {@link EuclideanSteps}. */
  EUCLIDEAN("cosine", "tables", "projections");

  private final String measure;
  private final String tables;
  private final String functions;

  PlannedFamily(String measure, String tables, String functions) {
    this.measure = measure;
    this.tables = tables;
    this.functions = functions;
  }

  /** The measure that the threshold is in. */
  public String measure() {
    return measure;
  }

  /** The family's own word for its tables. */
  public String tables() {
    return tables;
  }

  /** The family's own word for the functions joined in a table's key. */
  public String functions() {
    return functions;
  }
}
