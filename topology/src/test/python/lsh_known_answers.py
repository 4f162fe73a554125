"""Prints the known answers of FamilyKnownAnswersTest.

A second implementation of the hash families, from their definitions, in plain Python integers.
Run: python3 topology/src/test/python/lsh_known_answers.py
"""

import struct
from pathlib import Path

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
SIMHASH, CROSS_POLYTOPE, EUCLIDEAN, COMPONENT_SIGNS, FINGERPRINTS = 3, 4, 5, 6, 7
MINHASH, HYPERPLANES = 1, 2
SEED, EPOCH, SCOPE = 5, 3, 11


def signed(x, bits=64):
    x &= (1 << bits) - 1
    return x - (1 << bits) if x >> (bits - 1) else x


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def stream(seed, index):
    return mix((seed + (index + 1) * GOLDEN) & MASK)


def combine(h, value):
    return mix((h * GOLDEN + value) & MASK)


def chain(values):
    code = 0
    for value in values:
        code = combine(code, value)
    return code


def bits_code(bits):
    return int("".join("01"[b] for b in bits), 2)


def key(family, table, code, epoch=EPOCH):
    h = combine(family, combine(epoch, SEED))
    for value in (table, code, SCOPE):
        h = combine(h, value)
    return signed(h)


def minhash(shingles, bands, rows, bits):
    signature = []
    for i in range(bands * rows):
        a, b = stream(SEED, 2 * i) | 1, stream(SEED, 2 * i + 1)
        signature.append(min(signed((x ^ (x >> 32)) * a + b, 32) for x in shingles))
    kept = [mix(x & MASK) & ((1 << bits) - 1) for x in signature]
    return [key(MINHASH, t, chain(kept[t * rows:(t + 1) * rows])) for t in range(bands)]


def simhash(shingles, tables, bits):
    votes = [0] * (tables * bits)
    for shingle in shingles:
        own = combine(SEED, shingle)
        for i in range(len(votes)):
            votes[i] += 1 if stream(own, i // 64) >> (i % 64) & 1 else -1
    return [key(SIMHASH, t, bits_code([v >= 0 for v in votes[t * bits:(t + 1) * bits]]))
            for t in range(tables)]


def normal(row, dimensions):
    out = []
    for i in range(row * dimensions, (row + 1) * dimensions):
        total = sum(stream(SEED, i * 3 + j) >> (16 * k) & 0xFFFF for j in range(3) for k in range(4))
        out.append(total - 6 * 0xFFFF)
    return out


def dot(x, y):
    return sum(a * b for a, b in zip(x, y))


def hyperplanes(vector, tables, bits):
    side = [dot(vector, normal(row, len(vector))) >= 0 for row in range(tables * bits)]
    return [key(HYPERPLANES, t, bits_code(side[t * bits:(t + 1) * bits])) for t in range(tables)]


def steps(vector, tables, functions, width):
    keys = []
    for t in range(tables):
        values = []
        for f in range(functions):
            projection = dot(vector, normal(t * functions + f, len(vector)))
            offset = stream(stream(~SEED & MASK, t), f) % (width << 16)
            values.append((projection + offset) // (width << 16))
        keys.append(key(EUCLIDEAN, t, chain(values)))
    return keys


def rotate(vector, seed, size=1):
    while size < len(vector):
        size *= 2
    out = list(vector) + [0] * (size - len(vector))
    words = (size + 63) // 64
    for turn in range(3):
        out = [-x if stream(seed, turn * words + i // 64) >> (i % 64) & 1 else x
               for i, x in enumerate(out)]
        out = hadamard(out)
    return out


def hadamard(vector):
    if len(vector) == 1:
        return vector
    half = len(vector) // 2
    left, right = hadamard(vector[:half]), hadamard(vector[half:])
    return [a + b for a, b in zip(left, right)] + [a - b for a, b in zip(left, right)]


def polytopes(vector, tables, functions, size=1, epoch=EPOCH):
    keys = []
    for t in range(tables):
        values = []
        for f in range(functions):
            turned = rotate(vector, stream(SEED, t * functions + f), size)
            both = turned + [-x for x in turned]
            values.append(both.index(max(both)))
        keys.append(key(CROSS_POLYTOPE, t, chain(values), epoch))
    return keys


def semantic(vector, tables, functions):
    """Keys of the shipped centring: the vector is centred, whitened, and hashed with polytopes of twice the size."""
    content = (Path(__file__).parents[4] / "model/bundles/reformer-minilm-256/centring.bin").read_bytes()
    _, dimensions, rows = struct.unpack(">3i", content[:12])
    numbers = struct.unpack(f">{dimensions * (1 + rows)}h", content[12:])
    mean, rotation = numbers[:dimensions], numbers[dimensions:]
    centred = [x - m for x, m in zip(vector, mean)]
    image = []
    for row in range(rows):
        factors = rotation[row * dimensions:(row + 1) * dimensions]
        image.append(max(-32767, min(32767, (sum(x * f for x, f in zip(centred, factors)) + 8192) // 16384)))
    fingerprint = combine(dimensions, rows)
    for byte in content:
        fingerprint = combine(fingerprint, byte - 256 if byte > 127 else byte)
    return polytopes(image, tables, functions, 2 * rows, combine(EPOCH, fingerprint))


def component_signs(vector, tables, bits):
    keys = []
    for t in range(tables):
        rest = list(range(len(vector)))
        for i in range(bits):
            other = i + stream(SEED, t * bits + i) % (len(vector) - i)
            rest[i], rest[other] = rest[other], rest[i]
        keys.append(key(COMPONENT_SIGNS, t, bits_code([vector[i] >= 0 for i in rest[:bits]])))
    return keys


def winnowed(shingles, window):
    ranks = [signed(combine(SEED, s)) for s in shingles]
    kept = []
    for at in range(max(1, len(ranks) - window + 1)):
        least = min(ranks[at:at + window])
        if not kept or kept[-1] != least:
            kept.append(least)
    return [key(FINGERPRINTS, 0, signed(rank, 32)) for rank in kept]


def sample(shingles):
    ranks = [combine(SEED, s) for s in shingles]
    return sorted(rank >> 30 for rank in ranks if rank >> 62 == 0)


def main():
    shingles = [stream(42, i) for i in range(50)]
    vector = [signed(stream(43, i) >> 48, 16) // 4 for i in range(24)]
    print("minhash 8 bits", minhash(shingles, 2, 3, 8))
    print("simhash", simhash(shingles, 2, 40))
    print("hyperplanes", hyperplanes(vector, 2, 12))
    print("steps", steps(vector, 2, 4, 9000))
    print("polytopes", polytopes(vector, 2, 2))
    print("semantic", semantic([signed(stream(44, i) >> 48, 16) // 8 for i in range(256)], 8, 2))
    print("component signs", component_signs(vector, 2, 10))
    print("winnowed", winnowed(shingles, 20))
    print("sample", [signed(value, 32) for value in sample(shingles)])


if __name__ == "__main__":
    main()
