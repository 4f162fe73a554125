"""datasketch's MinHashLSH on a labelled stream: 3-word shingles, 128 permutations, candidates verified by signature.

    python datasketch_neardup.py FILE     (JSON lines {id, cluster, text}, also .gz or .xz)

Clusters are the connected components of all verified pairs; a document's twin is its likest verified candidate, the
earliest of equals. Ends with status 3 where datasketch is not installed.
"""

import gzip
import json
import lzma
import re
import sys
from collections import Counter

try:
    from datasketch import MinHash, MinHashLSH
except ImportError:
    sys.exit(3)

THRESHOLDS = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]


def read(path):
    opener = gzip.open if path.endswith(".gz") else lzma.open if path.endswith(".xz") else open
    with opener(path, "rb") as lines:
        return [row for row in map(parsed, lines) if row]


def parsed(line):
    """The row, or None where it is no document: evaluate leaves it out of its own figures too."""
    try:
        row = json.loads(line)
    except ValueError:
        return None
    wanted = isinstance(row, dict) and row.get("id") is not None and not row.get("deleted")
    return row if wanted and isinstance(row.get("text"), str) and row.get("cluster") is not None else None


def signature(text):
    words = re.findall(r"\w+", text.lower())
    shingles = {" ".join(words[i : i + 3]).encode() for i in range(max(1, len(words) - 2))}
    made = MinHash(num_perm=128)
    made.update_batch(list(shingles))
    return made


def pairs(counts):
    return sum(count * (count - 1) / 2 for count in counts)


def share(part, whole):
    return part / whole if whole else 1.0


def pair_scores(truths, found):
    """Adjusted Rand index, and of the pairs in one cluster precision, recall and F1."""
    both = pairs(Counter(zip(truths, found)).values())
    a, b = pairs(Counter(truths).values()), pairs(Counter(found).values())
    chance = a * b / max(1, pairs([len(truths)]))
    index = 1.0 if (a + b) / 2 == chance else (both - chance) / ((a + b) / 2 - chance)
    precision, recall = share(both, b), share(both, a)
    return index, precision, recall, 2 * precision * recall / ((precision + recall) or 1)


def run(signatures, truths, threshold):
    # Weights that favour recall: what is too far apart is verified away.
    index = MinHashLSH(threshold=threshold, num_perm=128, weights=(0.1, 0.9))
    parents = list(range(len(signatures)))

    def root(node):
        while parents[node] != node:
            parents[node] = parents[parents[node]]
            node = parents[node]
        return node

    seen = set()
    with_twin = found = named = right = 0
    for at, made in enumerate(signatures):
        verified = [(-made.jaccard(signatures[other]), other) for other in index.query(made)]
        verified = sorted(pair for pair in verified if -pair[0] >= threshold)
        for _, other in verified:
            a, b = root(at), root(other)
            parents[max(a, b)] = min(a, b)
        is_right = bool(verified) and truths[verified[0][1]] == truths[at]
        named += bool(verified)
        right += is_right
        if truths[at] in seen:
            with_twin += 1
            found += is_right
        seen.add(truths[at])
        index.insert(at, made)
    clusters = [root(at) for at in range(len(signatures))]
    return *pair_scores(truths, clusters), share(found, with_twin), share(right, named)


def main():
    rows = read(sys.argv[1])
    if not rows:
        sys.exit(f"{sys.argv[1]} has no documents; wanted rows {{id, cluster, text}}")
    signatures = [signature(row["text"]) for row in rows]
    truths = [str(row["cluster"]) for row in rows]
    scores = {threshold: run(signatures, truths, threshold) for threshold in THRESHOLDS}
    best = max(THRESHOLDS, key=lambda threshold: scores[threshold][0])
    for name, threshold in (("at its best", best), ("at", 0.7)):
        index, *of_pairs, recall, precision = scores[threshold]
        print(
            f"  datasketch {name} {threshold}: ARI {index:.3f}, pairs P / R / F1"
            f" {' / '.join(f'{score:.3f}' for score in of_pairs)}, online recall {recall:.3f}, precision {precision:.3f}"
        )


if __name__ == "__main__":
    main()
