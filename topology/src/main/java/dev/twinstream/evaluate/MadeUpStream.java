package dev.twinstream.evaluate;

import dev.twinstream.lsh.Mixer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A stream of documents whose twins are known: bases, and copies of earlier bases at the rates of
 * {@link CopyKind}. Any document can be made from its number alone, so that nothing is kept: the
 * same seed and corpus give the same stream, in any order of asking. Thread-safe.
 *
 * <p>A base is a run of 100 to 600 words of one document of the corpus. Where those do not suffice,
 * the rest, spread evenly over the stream, are sentences drawn from the whole corpus: two of them
 * share one sentence at most, but by chance. A copy's base is any earlier one, all equally likely.
 */
public final class MadeUpStream implements AutoCloseable {
  /** Characters of an id. */
  public static final int ID_LENGTH = 80;

  private static final int BLOCK = 100;
  private static final int BASES_IN_BLOCK = CopyKind.BASE.inHundred();
  private static final int LEAST_WORDS = 100;
  private static final int MOST_WORDS = 600;
  private static final int TEMPLATES = 300;
  private static final long FIRST_EVENT_TIME = 1_577_836_800_000L;
  private static final long EVENT_INTERVAL = 60_000;
  private static final int NUMBER_DIGITS = 7;

  /** What a random number is for: each purpose has numbers of its own. */
  private enum Purpose {
    BLOCKS,
    PIECES,
    BASES,
    CHOICES,
    COPIES,
    IDS,
    TEMPLATES
  }

  /**
   * A document and the truth about it.
   *
   * @param id of {@link #ID_LENGTH} characters, like a URL
   * @param eventTime milliseconds since 1970, growing from document to document
   * @param base number of the base that it is, or is a copy of
   */
  public record MadeUp(String id, String text, long eventTime, int base, CopyKind kind) {}

  /**
   * What a document is.
   *
   * @param base number of the base that it is, or is a copy of
   */
  public record Truth(int base, CopyKind kind) {}

  private final long seed;
  private final int bases;
  private final SentencePool pool;
  private final int[] pieceStarts;

  private MadeUpStream(SentencePool pool, long seed, int documents) {
    this.pool = pool;
    this.seed = seed;
    this.bases = (documents + BLOCK - 1) / BLOCK * BASES_IN_BLOCK;
    this.pieceStarts = pieces();
  }

  /**
   * @param corpus documents as JSON lines, plain or compressed; a file or a folder
   * @param documents how many the stream has
   */
  public static MadeUpStream open(String corpus, long seed, int documents) throws IOException {
    return new MadeUpStream(SentencePool.read(corpus), seed, documents);
  }

  /** Where runs of one document's sentences begin that have the words wanted, shuffled. */
  private int[] pieces() {
    int[] starts = new int[1024];
    int count = 0;
    int start = 0;
    int words = 0;
    for (int i = 0; i < pool.size(); i++) {
      if (pool.document(i) != pool.document(start)) {
        start = i;
        words = 0;
      }
      words += pool.words(i);
      if (words >= wantedWords(start)) {
        starts = count == starts.length ? Arrays.copyOf(starts, 2 * count) : starts;
        starts[count++] = start;
        start = i + 1 < pool.size() ? i + 1 : i;
        words = 0;
      }
    }
    Random random = random(Purpose.PIECES, -1);
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = starts[i];
      starts[i] = starts[j];
      starts[j] = swapped;
    }
    return Arrays.copyOf(starts, count);
  }

  private int wantedWords(int start) {
    return LEAST_WORDS + random(Purpose.PIECES, start).nextInt(MOST_WORDS - LEAST_WORDS + 1);
  }

  private Random random(Purpose purpose, long number) {
    return new Random(Mixer.stream(Mixer.stream(seed, purpose.ordinal()), number));
  }

  /** Runs of the corpus that serve as bases; the other bases are mixed from sentences. */
  public int runs() {
    return Math.min(pieceStarts.length, bases);
  }

  /** Sentences of the corpus that differ from one another. */
  public int sentences() {
    return pool.size();
  }

  /** Makes a document. */
  public MadeUp document(int number) {
    Truth truth = truth(number);
    return new MadeUp(
        id(number),
        text(truth, number),
        FIRST_EVENT_TIME + number * EVENT_INTERVAL,
        truth.base(),
        truth.kind());
  }

  /** What a document is, without making its text. */
  public Truth truth(int number) {
    int block = number / BLOCK;
    CopyKind[] kinds = kindsOf(block);
    int at = number % BLOCK;
    int base = block * BASES_IN_BLOCK;
    for (int i = 0; i < at; i++) {
      base += kinds[i] == CopyKind.BASE ? 1 : 0;
    }
    if (kinds[at] == CopyKind.BASE) {
      return new Truth(base, CopyKind.BASE);
    }
    return new Truth(random(Purpose.CHOICES, number).nextInt(base), kinds[at]);
  }

  /** The first block begins with its bases, for its copies to have some. */
  private CopyKind[] kindsOf(int block) {
    List<CopyKind> kinds = new ArrayList<>(BLOCK);
    for (CopyKind kind : CopyKind.values()) {
      kinds.addAll(Collections.nCopies(kind.inHundred(), kind));
    }
    if (block > 0) {
      Collections.shuffle(kinds, random(Purpose.BLOCKS, block));
    }
    return kinds.toArray(CopyKind[]::new);
  }

  /** A copy of a base, of any kind; {@code number} is that of the document it is for. */
  public String text(Truth truth, int number) {
    List<String> sentences = sentences(truth.base());
    String text = String.join(" ", sentences);
    Random random = random(Purpose.COPIES, number);
    TextDamage damage = new TextDamage(random, () -> pool.get(random.nextInt(pool.size())));
    return switch (truth.kind()) {
      case BASE, EXACT -> text;
      case LAYOUT -> damage.layOut(text, sentences);
      case EDIT_2 -> damage.editWords(text, 0.02);
      case EDIT_5 -> damage.editWords(text, 0.05);
      case EDIT_10 -> damage.editWords(text, 0.1);
      case EDIT_20 -> damage.editWords(text, 0.2);
      case TRUNCATED -> damage.part(text, 0.3, 0.8, true);
      case BOILERPLATE -> withBoilerplate(text, random.nextInt(TEMPLATES));
      case REORDERED -> damage.reorder(sentences);
      case SCANNED -> damage.scan(text);
      case EXCERPT -> damage.part(text, 0.1, 0.3, false);
      case EMBEDDED -> damage.embed(text);
    };
  }

  private List<String> sentences(int base) {
    List<String> sentences = new ArrayList<>();
    int runsBefore = (int) ((long) base * runs() / bases);
    boolean isRun = (long) (base + 1) * runs() / bases > runsBefore;
    Random random = random(Purpose.BASES, base);
    int start = isRun ? pieceStarts[runsBefore] : 0;
    int wanted =
        isRun ? wantedWords(start) : LEAST_WORDS + random.nextInt(MOST_WORDS - LEAST_WORDS + 1);
    for (int words = 0, i = 0; words < wanted; i++) {
      int sentence = isRun ? start + i : random.nextInt(pool.size());
      sentences.add(pool.get(sentence));
      words += pool.words(sentence);
    }
    return sentences;
  }

  private String withBoilerplate(String text, int template) {
    Random random = random(Purpose.TEMPLATES, template);
    String header = pool.get(random.nextInt(pool.size()));
    String footer = pool.get(random.nextInt(pool.size()));
    return header + "\n\n" + text + "\n\n" + footer;
  }

  private String id(int number) {
    Random random = random(Purpose.IDS, number);
    StringBuilder id = new StringBuilder(ID_LENGTH + 40);
    id.append("https://www.site").append(random.nextInt(1000)).append(".example/");
    id.append(2000 + random.nextInt(26)).append('/').append(1 + random.nextInt(12)).append('/');
    while (id.length() < ID_LENGTH) {
      for (String word : pool.get(random.nextInt(pool.size())).split("[^A-Za-z]+")) {
        id.append(word.isEmpty() ? "" : word.toLowerCase(Locale.ROOT) + "-");
      }
      id.append(random.nextInt(10));
    }
    String digits = Integer.toString(number, Character.MAX_RADIX);
    id.setLength(ID_LENGTH - NUMBER_DIGITS);
    return id + "0".repeat(NUMBER_DIGITS - digits.length()) + digits;
  }

  /** The number of the document that has an id of such a stream. */
  public static int numberOf(String id) {
    return Integer.parseInt(id.substring(id.length() - NUMBER_DIGITS), Character.MAX_RADIX);
  }

  @Override
  public void close() throws IOException {
    pool.close();
  }
}
