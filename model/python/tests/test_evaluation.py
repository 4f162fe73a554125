"""Measures against values worked out by hand."""

import gzip
import json
import random
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from twinstream_reformer import evaluate
from twinstream_reformer.evaluate import table
from twinstream_reformer.evaluation import far_passages, joined, long_documents, speed
from twinstream_reformer.evaluation.encoders import Bundle, in_batches
from twinstream_reformer.evaluation.neardup import neardup, pair_precision
from twinstream_reformer.evaluation.pairs import pair_correlation, read_pairs
from twinstream_reformer.evaluation.retrieval import gain_of, mean_retrieval, retrieval_scores
from twinstream_reformer.evaluation.statistics import Interval, average_precision, bootstrap, ndcg, ranks, spearman
from twinstream_reformer.training.errors import TrainingError, in_a_line
from twinstream_reformer.training.teacher import Teacher

VECTORS = {"north": [0, 1], "also north": [0.1, 0.995], "east": [1, 0], "north-east": [0.7, 0.714], "south": [0, -1]}


def encode(texts):
    return np.array([VECTORS[text.strip()] for text in texts], np.float32)


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def test_ranks_share_ties():
    assert ranks(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [3.5, 1, 3.5, 2]
    assert spearman(np.array([1, 2, 3.0]), np.array([10, 20, 15.0])) == pytest.approx(0.5)


def test_ranking_measures():
    assert ndcg(np.array([0, 2.0, 1]), np.array([2.0, 1])) == pytest.approx((2 / np.log2(3) + 0.5) / (2 + 1 / np.log2(3)))
    assert ndcg(np.array([0.0]), np.array([])) == 0
    assert average_precision(np.array([0.9, 0.8, 0.7]), np.array([1, 0, 1])) == pytest.approx((1 + 2 / 3) / 2)


def test_a_bootstrap_holds_its_value():
    values = np.arange(100.0)
    interval = bootstrap(lambda chosen: float(values[chosen].mean()), 100, 200)
    assert interval.value == 49.5 and 40 < interval.low < 49.5 < interval.high < 60
    assert str(bootstrap(lambda chosen: 1.0, 5, 3)) == "1.000 [1.000, 1.000]"


def test_near_duplicates_count_all_pairs(tmp_path):
    texts = [("a", "north"), ("a", "also north"), ("b", "north-east"), ("a", "south")]
    path = write(tmp_path / "set.jsonl.gz", [{"id": str(i), "cluster": c, "text": t} for i, (c, t) in enumerate(texts)])
    # Pairs by cosine: twins first, then north-east with either, then south's; of six, places 1, 5 and 6 or 4 are twins.
    cosines = sorted(((float(np.dot(VECTORS[a], VECTORS[b])), ca == cb) for i, (ca, a) in enumerate(texts)
                      for cb, b in texts[i + 1:]), reverse=True)
    expected = average_precision(np.array([c for c, _ in cosines]), np.array([t for _, t in cosines]))
    interval = neardup(encode, path)
    assert interval.value == pytest.approx(expected) and interval.low <= interval.value <= interval.high + 1e-9


def test_pairs_are_correlated_with_their_grades(tmp_path):
    rows = [{"s1": "north", "s2": other, "relatedness": grade}
            for other, grade in (("also north", 5), ("east", 2.5), ("north-east", 4), ("south", 1))]
    pairs = read_pairs(write(tmp_path / "pairs.jsonl.gz", rows))
    assert pair_correlation(encode, pairs, draws=0).value == pytest.approx(1)


@pytest.mark.parametrize("rows, said", [
    ([{"s1": "a", "s2": "b"}], ":1 has none of score, relatedness, label"), ([], " has 0 pairs; at least 2 are wanted"),
    ([{"s1": "a", "s2": "b", "label": 1}, {"s1": "a", "s2": "b"}], ':2 has nothing as "label"; a number is wanted'),
    ([{"s1": "a", "s2": "b", "score": "high"}], ':1 has "high" as "score"; a number is wanted'),
    ([{"s1": "a", "s2": None, "score": 1}], ':1 has null as "s2"; a string is wanted')])
def test_pairs_without_a_text_or_a_grade_are_named(tmp_path, rows, said):
    path = write(tmp_path / "pairs.jsonl.gz", rows)
    with pytest.raises(TrainingError, match=re.escape(f"{path}{said}")):
        read_pairs(path)


def test_retrieval_ranks_by_cosine_and_reads_inverted_grades(tmp_path):
    write(tmp_path / "cranfield" / "corpus.jsonl.gz", [{"_id": name, "title": "", "text": name} for name in VECTORS])
    write(tmp_path / "cranfield" / "queries.jsonl.gz", [{"_id": "1", "text": "north"}, {"_id": "2", "text": "east"}])
    write(tmp_path / "cranfield" / "qrels.jsonl.gz", [{"query": "1", "doc": "north", "grade": 1},
                                                      {"query": "1", "doc": "south", "grade": -1},
                                                      {"query": "2", "doc": "north", "grade": 4}])
    assert [gain_of("cranfield", grade) for grade in (1, 4, -1)] == [4, 1, 0] and gain_of("cacm", 1) == 1
    first, second = retrieval_scores(encode, tmp_path / "cranfield")
    assert first == pytest.approx(1) and 0 < second < 1


def test_batches_cover_all_rows_and_leave_empty_ones_zero():
    rows = [[1] * n for n in (5, 0, 900, 3, 5000, 7)]
    seen = []

    def run(batch):
        seen.append(max(map(len, batch)) * len(batch))
        return np.array([[len(row)] for row in batch], np.float32)

    assert in_batches(rows, run, 1).ravel().tolist() == [5, 0, 900, 3, 5000, 7] and max(seen) <= 8192


def test_the_table_leaves_gaps_where_nothing_was_measured():
    text = table({"stsb_dev": {"static": [0.79, 0.77, 0.81]}, "kafka": {"bundle": [1, 1, 1], "static": [0.5, 0.4, 0.6]}})
    assert text.splitlines()[0] == "| set | bundle | static |"
    assert text.splitlines()[2] == "| stsb_dev |  | 0.790 [0.770, 0.810] |"


def test_a_segment_and_its_passage_lie_apart():
    draw = random.Random(1)
    for length in (far_passages.APART + 2 * far_passages.PASSAGE, 8192):
        starts = [far_passages.places([0] * length, draw) for _ in range(200)]
        assert all(abs(a - b) >= far_passages.APART + far_passages.PASSAGE for a, b in starts)
        assert all(0 <= min(pair) and max(pair) + far_passages.PASSAGE <= length for pair in starts)


def test_the_rank_of_the_right_passage():
    passages = np.eye(3, dtype=np.float32)
    segments = np.array([[1, 0, 0], [0.5, 0.4, 0.3], [0.5, 0.4, 0.3]], np.float32)
    assert far_passages.reciprocal_rank(segments, passages).value == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)


def test_the_joined_rule_is_the_streams():
    """The coefficients that ship stand in TwinModel.java."""
    java = Path(__file__).parents[3] / "topology" / "src" / "main" / "java" / "dev" / "twinstream" / "dedup" / "TwinModel.java"
    standard = java.read_text(encoding="utf-8").split("STANDARD =")[1].split(";")[0]
    arrays = [[float(number) for number in part.split(",")] for part in re.findall(r"\{([^}]*)\}", standard)]
    assert arrays[:3] == [joined.SPARSE.tolist(), joined.SPARSE_WITH_COSINE.tolist(), joined.CROWDED.tolist()]


def test_the_joined_rule_ranks_links_before_all_other_pairs():
    words = [f"word{n}" for n in range(300)]
    texts = [" ".join(words), " ".join(words[:280]), " ".join(f"other{n}" for n in range(300))]
    scores = dict(joined.measures(texts, lambda some: np.tile(np.eye(3, dtype=np.float32)[0], (len(some), 1))))["joined"]
    assert scores[0, 1] == scores[1, 0] > 0 > -900 > scores[0, 2]
    assert pair_precision(scores, ["a", "a", "b"], draws=5).value == 1


def test_average_precision_of_pairs_hangs_on_no_order_of_equal_scores():
    for labels in (["a", "a", "b", "c"], ["b", "a", "c", "a"]):
        assert pair_precision(np.ones((4, 4)), labels, draws=5).value == pytest.approx(1 / 6)


def test_the_teachers_windows_cover_the_whole_text():
    words = Tokenizer(models.WordLevel({"[CLS]": 0, "[SEP]": 1, **{f"w{n}": n + 2 for n in range(10)}}))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    words.post_processor = processors.BertProcessing(("[SEP]", 1), ("[CLS]", 0))
    teacher = Teacher.__new__(Teacher)
    teacher._tokenizer = words
    words.enable_truncation(5)
    windows = teacher.windows(" ".join(f"w{n}" for n in range(10)), 6)
    assert windows == [[0, 2, 3, 4, 5, 1], [0, 6, 7, 8, 9, 1], [0, 10, 11, 1]] and teacher.windows("", 6) == [[0, 1]]


def test_the_mean_over_sets_counts_each_alike(tmp_path):
    for name, document in (("cacm", "north"), ("dbpedia_sample", "south")):
        write(tmp_path / name / "corpus.jsonl.gz", [{"_id": n, "title": "", "text": n} for n in ("north", "south")])
        write(tmp_path / name / "queries.jsonl.gz", [{"_id": "1", "text": "north"}, {"_id": "2", "text": "north"}])
        write(tmp_path / name / "qrels.jsonl.gz", [{"query": n, "doc": document, "grade": 1} for n in "12"])
    found = mean_retrieval(encode, [tmp_path / "cacm", tmp_path / "dbpedia_sample"])
    assert found.value == found.low == found.high == pytest.approx((1 + 1 / np.log2(3)) / 2)


@pytest.mark.parametrize("arguments, said", [
    ([], "row static wants {run}/tokenizer.json, which is not there, {run}/labels, which is not there"),
    (["--rows", "bundle", "--ops", "x.so"], "row bundle wants --bundle FOLDER and --ops LIBRARY"),
    (["--rows", "teacher-windows"], "row teacher-windows wants --teacher FOLDER")])
def test_what_a_row_lacks_is_said_before_anything_is_measured(tmp_path, capsys, arguments, said):
    run = tmp_path / "run"
    with pytest.raises(SystemExit):
        evaluate.main([str(run), str(tmp_path), *arguments])
    assert capsys.readouterr().err.strip().endswith(said.format(run=run)) and not run.exists()


def test_the_folder_of_results_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(evaluate, "Bundle", lambda *_, **__: None)
    monkeypatch.setattr(evaluate, "measures", lambda data: {"stsb_dev": lambda encode: Interval(0.5, 0.4, 0.6)})
    run = tmp_path / "new" / "run"
    assert evaluate.main([str(run), str(tmp_path), "--rows", "bundle", "--bundle", "b", "--ops", "o"]) == 0
    assert json.loads((run / "results.json").read_text()) == {"stsb_dev": {"bundle": [0.5, 0.4, 0.6]}}


def test_reliability_of_a_file_reads_it_as_a_stream(capsys):
    words = [f"word{n}" for n in range(300)]
    texts = [" ".join(words), " ".join(words[:280]), " ".join(words[100:]), " ".join(f"other{n}" for n in range(300))]
    joined.print_reliability("file", texts, ["a", "a", "b", "c"],
                             lambda some: np.tile(np.eye(3, dtype=np.float32)[0], (len(some), 1)))
    printed = capsys.readouterr().out
    assert "each document's likeliest link: 2, 0.500 of them twins" in printed
    assert "all links: 3, 0.333 of them twins" in printed and printed.count("expected calibration error") == 2


def test_texts_without_a_link_have_no_reliability(capsys):
    texts = [" ".join(f"{name}{n}" for n in range(300)) for name in "ab"]
    joined.print_reliability("file", texts, ["a", "b"], lambda some: np.eye(3, dtype=np.float32)[: len(some)])
    assert capsys.readouterr().out == "\nfile: no two texts have a Jaccard similarity of 0.25: there are no links to judge\n"


@pytest.mark.parametrize("rows, said", [
    ([{"cluster": "a", "text": "x"}, {"cluster": "a"}], ':2 has nothing as "text"; a string is wanted'),
    ([{"cluster": "a", "text": "x"}, {"text": "x"}], ':2 has nothing as "cluster"; a string or a whole number is wanted'),
    ([{"cluster": 3, "text": "x"}], " has 1 texts; at least 2 are wanted"), ([], " has 0 texts; at least 2 are wanted")])
def test_rows_of_no_cluster_and_files_without_a_pair_are_named(tmp_path, capsys, rows, said):
    path = write(tmp_path / "set.jsonl.gz", rows)
    assert in_a_line("joined", lambda: joined.main(["BUNDLE", "OPS", str(path)])) == 2
    assert capsys.readouterr().err.startswith(f"joined: {path}{said}")
    with pytest.raises(TrainingError, match=re.escape(f"{path}{said}")):
        neardup(encode, path)


def word_tokenizer(count):
    words = Tokenizer(models.WordLevel({"[UNK]": 0, **{f"w{n}": n + 1 for n in range(count)}}, unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    return words


def test_long_texts_have_their_length_and_run_out(tmp_path):
    rows = [{"source": source, "text": " ".join(f"w{n}" for n in range(start, start + 30))}
            for source, start in (("one", 0), ("one", 30), ("one", 60), ("two", 90), ("two", 120), ("two", 120))]
    write(tmp_path / "texts.jsonl.gz", rows)
    words, found = word_tokenizer(150), []
    with pytest.raises(TrainingError, match="has text for 2 documents of 40 tokens"):
        for text in long_documents.long_texts(tmp_path, words, 40, 1):
            found.append(words.encode(text).ids)
    assert [len(ids) for ids in found] == [40, 40] and len({token for ids in found for token in ids}) == 80


def test_too_few_documents_for_far_passages_are_said(tmp_path):
    corpus = write(tmp_path / "texts.jsonl.gz", [{"text": " ".join(f"w{n}" for n in range(3000))}]).parent
    bundle = SimpleNamespace(tokenizer=word_tokenizer(3000), max_tokens=2500)
    assert [len(row) for row in far_passages.long_rows(corpus, bundle, 1, 1)] == [2500]
    with pytest.raises(TrainingError, match="has 1 documents of at least 2400 tokens; 2 are wanted: lower --documents"):
        far_passages.long_rows(corpus, bundle, 2, 1)


def test_a_damaged_copy_is_of_the_same_part_and_length():
    words = word_tokenizer(400)
    text = long_documents.beginning(" ".join(f"w{n}" for n in range(300)), words, 100)
    filler, truncated = [words.token_to_id("w399")] * 100, 0
    for seed in range(60):
        copy, own = long_documents.damaged_copy(text, filler, words, random.Random(seed))
        assert len(copy) == 100 and all(token <= 100 for token in copy[:own])
        assert copy[own:] == filler[own:]
        truncated += own < 91
    assert 5 < truncated < 40


def test_what_is_told_apart_has_an_interval():
    told = long_documents.Told(np.array([0.9, 0.8, 0.5]), np.array([0.1, 0.6, 0.2]))
    assert told.auc(np.arange(3)) == pytest.approx(8 / 9)
    assert re.match(r"AUC 0\.8889 \[0\.\d{4}, 1\.0000\]; copies from 0\.500, others up to 0\.600", str(told))


@pytest.mark.parametrize("file, said", [("rows.txt", "ends with none of .gz, .xz, .jsonl"), ("rows.jsonl", "No such file")])
def test_a_file_that_cannot_be_read_is_said_in_a_line(tmp_path, monkeypatch, capsys, file, said):
    monkeypatch.setattr(joined, "Bundle", lambda *_: type("Never", (), {"encode": None}))
    assert in_a_line("joined", lambda: joined.main(["BUNDLE", "OPS", str(tmp_path / file)])) == 2
    assert re.fullmatch(f"joined: .*{said}.*\n", capsys.readouterr().err)


class UnreadBundle(Bundle):
    """Of 50 tokens' vocabulary, for texts of at most 2,000; keeps the ids that it is given."""

    def __init__(self, folder, *_):
        self._folder, self.max_tokens, self.vocab_size, self.given = folder, 2000, 50, []

    def encode_tokens(self, rows):
        self.given += [token for row in rows for token in row]


@pytest.mark.parametrize("program, wanted", [(long_documents, 60_700), (far_passages, 2400), (speed, 4096)])
def test_a_bundle_of_shorter_texts_is_refused_in_a_line(tmp_path, monkeypatch, capsys, program, wanted):
    monkeypatch.setattr(program, "Bundle", UnreadBundle)
    assert in_a_line("measure", lambda: program.main(["BUNDLE", "OPS", str(tmp_path)])) == 2
    assert capsys.readouterr().err.startswith(f"measure: BUNDLE takes 2000 tokens of a text at most, its manifest says; {wanted}")


def test_speed_is_that_of_tokens_which_the_bundle_has(tmp_path, monkeypatch):
    bundle, teacher = UnreadBundle(tmp_path), UnreadBundle(tmp_path)
    monkeypatch.setattr(speed, "Bundle", lambda *_: bundle)
    monkeypatch.setattr(speed, "Teacher", lambda *_: teacher)
    monkeypatch.setattr(speed, "LENGTHS", {512: 3})
    assert speed.main(["BUNDLE", "OPS", "TEACHER", "--runs", "1"]) == 0
    assert len(bundle.given) == 2 * 3 * 512 and set(bundle.given) == set(range(25, 50))
