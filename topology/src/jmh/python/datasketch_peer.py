"""The peer of the lexical engine: datasketch's MinHashLSH in one thread, 5-word shingles, 128 permutations.

    python datasketch_peer.py FILE...     (JSON lines; .gz and .xz are unpacked)
"""

import gzip
import json
import lzma
import sys
import time

from datasketch import MinHash, MinHashLSH


def lines(path: str):
    opener = gzip.open if path.endswith(".gz") else lzma.open if path.endswith(".xz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        yield from file


def main() -> None:
    index = MinHashLSH(threshold=0.7, num_perm=128)
    documents = characters = candidates = 0
    started = time.perf_counter()
    for path in sys.argv[1:]:
        for line in lines(path):
            text = json.loads(line)["text"]
            words = text.lower().split()
            shingles = {" ".join(words[i : i + 5]).encode() for i in range(max(1, len(words) - 4))}
            signature = MinHash(num_perm=128)
            signature.update_batch(shingles)
            candidates += len(index.query(signature))
            index.insert(str(documents), signature)
            documents += 1
            characters += len(text)
    seconds = time.perf_counter() - started
    print(f"datasketch documents={documents} seconds={seconds:.3f} documents/s={documents / seconds:.0f}"
          f" megacharacters/s={characters / 1e6 / seconds:.2f} candidates={candidates}")


if __name__ == "__main__":
    main()
