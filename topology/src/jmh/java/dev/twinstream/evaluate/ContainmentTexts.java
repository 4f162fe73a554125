package dev.twinstream.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Short texts, long ones around them, and others, of a corpus's sentences. */
public final class ContainmentTexts implements AutoCloseable {
  private static final int LEAST_WORDS = 60;
  private static final int MOST_WORDS = 300;
  private static final int MOST_STORED_WORDS = 6_000;

  private final SentencePool pool;
  private final Random random;

  /**
   * A short text and a long one.
   *
   * @param part the short text, with some of its words edited
   * @param whole what the short text stands in, unedited
   */
  public record Pair(String part, String whole) {}

  private ContainmentTexts(SentencePool pool, long seed) {
    this.pool = pool;
    this.random = new Random(seed);
  }

  /**
   * @param corpus documents as JSON lines, plain or compressed; a file or a folder
   */
  public static ContainmentTexts open(String corpus, long seed) throws IOException {
    return new ContainmentTexts(SentencePool.read(corpus), seed);
  }

  /**
   * A run of 60 to 300 words, put between two sentences of another run.
   *
   * @param ratio how many times as long the whole is, at least 1
   * @param editRate share of the short text's words that are edited
   */
  public Pair pair(double ratio, double editRate) {
    int length = LEAST_WORDS + random.nextInt(MOST_WORDS - LEAST_WORDS + 1);
    String original = String.join(" ", run(length));
    List<String> around = run((int) ((ratio - 1) * length));
    around.add(random.nextInt(around.size() + 1), original);
    TextDamage damage = new TextDamage(random, () -> pool.get(random.nextInt(pool.size())));
    String part = editRate == 0 ? original : damage.editWords(original, editRate);
    return new Pair(part, String.join(" ", around));
  }

  /**
   * A short text of which a share, from its start on, stands in the long one, and the rest does
   * not.
   *
   * @param ratio how many times as long the whole is, at least 1
   */
  public Pair partly(double ratio, double share) {
    Pair pair = pair(ratio, 0);
    String[] words = pair.part().split(" ");
    int common = (int) (share * words.length);
    String rest = String.join(" ", run(words.length - common));
    String start = String.join(" ", Arrays.asList(words).subList(0, common));
    return new Pair((start + " " + rest).strip(), pair.whole());
  }

  /** Sentences of the corpus in their order, from a place of chance, of so many words in all. */
  private List<String> run(int wordCount) {
    List<String> run = new ArrayList<>();
    int at = random.nextInt(pool.size());
    int left = wordCount;
    while (left > 0) {
      List<String> words = Arrays.asList(pool.get(at).split(" "));
      run.add(String.join(" ", words.subList(0, Math.min(left, words.size()))));
      left -= words.size();
      at = (at + 1) % pool.size();
    }
    return run;
  }

  /** Documents of the corpus of 60 words or more, longer ones cut at 6,000. */
  public List<String> documents(int count) {
    List<String> documents = new ArrayList<>();
    for (int tries = 0; documents.size() < count && tries < 50 * count; tries++) {
      int at = random.nextInt(pool.size());
      int document = pool.document(at);
      while (at > 0 && pool.document(at - 1) == document) {
        at--;
      }
      StringBuilder text = new StringBuilder();
      int words = 0;
      for (; at < pool.size() && pool.document(at) == document; at++) {
        if (words < MOST_STORED_WORDS) {
          text.append(pool.get(at)).append(' ');
          words += pool.words(at);
        }
      }
      if (words >= LEAST_WORDS) {
        documents.add(text.toString());
      }
    }
    return documents;
  }

  @Override
  public void close() throws IOException {
    pool.close();
  }
}
