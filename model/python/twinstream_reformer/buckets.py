"""How many hash buckets a length has, and as which factors (section 2, "Locality sensitive hashing")."""

from __future__ import annotations

from .config import ReformerConfig


def automatic_factors(length: int, chunk_length: int, limit: int) -> tuple[int, ...]:
    """Factors for ``length`` tokens (padded; at least ``chunk_length``) when num_buckets is automatic.

    About two buckets a chunk, rounded down to a power of two, 2^p. One factor while 2^p is at most ``limit``, else
    2^floor(p/2) and 2^ceil(p/2), since the columns to multiply by grow with the sum of the factors and not with their
    product.
    """
    if length < chunk_length:
        raise ValueError(f"A length of {length} is below one chunk ({chunk_length}): such rows are not hashed.")
    power = (2 * (length // chunk_length)).bit_length() - 1
    if 2**power <= limit:
        return (2**power,)
    return (2 ** (power // 2), 2 ** (power - power // 2))


def bucket_factors(config: ReformerConfig, length: int) -> tuple[int, ...]:
    """The factors that ``config`` gives for ``length`` tokens (padded); their product is the number of buckets."""
    if config.num_buckets is None:
        return automatic_factors(length, config.lsh_attn_chunk_length, config.bucket_limit)
    if isinstance(config.num_buckets, int):
        return (config.num_buckets,)
    return config.num_buckets


def stored_columns(config: ReformerConfig) -> tuple[int, ...]:
    """Rotation columns to keep for each factor so that every length up to max_tokens finds its prefix.

    Automatic: always two factors, both of the same width.
    """
    if config.num_buckets is not None:
        return tuple(factor // 2 for factor in bucket_factors(config, 0))
    chunk, widest = config.lsh_attn_chunk_length, 1
    length = chunk
    while length <= max(config.max_tokens, chunk):
        widest = max(widest, *bucket_factors(config, length))
        length *= 2
    return (widest // 2, widest // 2)
