"""What shapes a Reformer, under the reference's own keys (Kitaev et al. 2020, "Reformer: The Efficient Transformer")."""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import dataclass
from pathlib import Path

from .activations import ACTIVATIONS


#: Keys that the reference does not have; false or 0, it is the reference.
OWN_KEYS = ("lsh_within_bucket", "lsh_count_keys_once", "lsh_full_attention_below")


class ConfigError(ValueError):
    """A configuration that no Reformer can have; the message names the key, its value and what to put there."""


@dataclass(frozen=True)
class ReformerConfig:
    """One Reformer. Lengths are in tokens, sizes in numbers a token; defaults are the reference's.

    ``num_buckets``: an even int, a list of even ints (their product is the number of buckets), or None for
    automatic (see :mod:`.buckets`). ``hash_seed``: None draws new rotations at every training step.
    ``is_decoder``: causal attention. Keys of a kind that is not among ``attn_layers`` may hold anything: as in the
    reference, nobody reads them.

    Three keys of LSH attention are ours, off by default as in the reference: ``lsh_within_bucket`` leaves out keys of
    other buckets; ``lsh_count_keys_once`` takes log n off the score of a key that a query meets n times over all
    rounds (section 2, "Multi-round LSH attention"); ``lsh_full_attention_below`` attends in full, without hashing, up
    to that padded length.
    """

    attention_head_size: int = 64
    attn_layers: tuple[str, ...] = ("local", "lsh", "local", "lsh", "local", "lsh")
    axial_norm_std: float = 1.0
    axial_pos_embds: bool = True
    axial_pos_shape: tuple[int, ...] = (64, 64)
    axial_pos_embds_dim: tuple[int, ...] = (64, 192)
    chunk_size_feed_forward: int = 0
    chunk_size_lm_head: int = 0
    feed_forward_size: int = 512
    hash_seed: int | None = None
    hidden_act: str = "relu"
    hidden_dropout_prob: float = 0.05
    hidden_size: int = 256
    initializer_range: float = 0.02
    is_decoder: bool = False
    layer_norm_eps: float = 1e-12
    local_attention_probs_dropout_prob: float = 0.05
    local_attn_chunk_length: int = 64
    local_num_chunks_before: int = 1
    local_num_chunks_after: int = 0
    lsh_attention_probs_dropout_prob: float = 0.0
    lsh_attn_chunk_length: int = 64
    lsh_num_chunks_before: int = 1
    lsh_num_chunks_after: int = 0
    lsh_within_bucket: bool = False
    lsh_count_keys_once: bool = False
    lsh_full_attention_below: int = 0
    max_position_embeddings: int = 4096
    num_attention_heads: int = 12
    num_buckets: int | tuple[int, ...] | None = None
    num_hashes: int = 1
    pad_token_id: int = 0
    vocab_size: int = 320

    def __post_init__(self) -> None:
        for name in ("attn_layers", "axial_pos_shape", "axial_pos_embds_dim", "num_buckets"):
            value = getattr(self, name)
            if isinstance(value, list):
                object.__setattr__(self, name, tuple(value))
        _check(self)

    @classmethod
    def from_dict(cls, values: dict) -> "ReformerConfig":
        """Takes the keys that it knows and leaves the rest (a checkpoint's config holds many others).

        Raises ConfigError for a value out of range.
        """
        known = {field.name: field.default for field in dataclasses.fields(cls)}
        taken = {key: value for key, value in values.items() if key in known}
        for key in ("pad_token_id", "chunk_size_feed_forward", "chunk_size_lm_head"):
            if key in taken and taken[key] is None:
                taken[key] = 0
        return cls(**taken)

    @classmethod
    def from_file(cls, path: str | Path) -> "ReformerConfig":
        """Reads a ``config.json``. Raises ConfigError if it is missing, no JSON object, or out of range."""
        return cls.from_dict(read_config(path))

    def to_dict(self) -> dict:
        """The same keys as JSON values, tuples as lists; those that are ours only where they say something."""
        return {key: list(v) if isinstance(v, tuple) else v for key, v in dataclasses.asdict(self).items()
                if key not in OWN_KEYS or v}

    @property
    def chunk_lengths(self) -> tuple[int, ...]:
        """The chunk lengths of the kinds of layer that occur."""
        lengths = {"lsh": self.lsh_attn_chunk_length, "local": self.local_attn_chunk_length}
        return tuple(lengths[kind] for kind in sorted(set(self.attn_layers)))

    @property
    def pad_multiple(self) -> int:
        """The least common multiple of all layers' chunk lengths."""
        return math.lcm(*self.chunk_lengths)

    @property
    def min_chunk_length(self) -> int:
        return min(self.chunk_lengths)

    @property
    def bucket_limit(self) -> int:
        """The most buckets of one rotation when their number is automatic; above it, two factors."""
        chunks = self.max_position_embeddings // self.lsh_attn_chunk_length
        return 2 * max(math.isqrt(chunks), self.lsh_attn_chunk_length)

    @property
    def max_positions(self) -> int:
        """How many positions have an encoding."""
        if self.axial_pos_embds:
            return min(self.max_position_embeddings, math.prod(self.axial_pos_shape))
        return self.max_position_embeddings

    @property
    def max_tokens(self) -> int:
        """The longest input whose padded length still has positions."""
        most = self.max_positions
        return max(min(most, self.min_chunk_length), most // self.pad_multiple * self.pad_multiple)

    def padded_length(self, length: int) -> int:
        """The length at which ``length`` tokens are processed: a multiple of pad_multiple, or, up to the smallest
        chunk length, ``length`` itself."""
        if length <= self.min_chunk_length:
            return length
        return -(-length // self.pad_multiple) * self.pad_multiple


def read_config(path: str | Path) -> dict:
    """The JSON object in a file. Raises ConfigError naming the file if it is missing or something else."""
    try:
        values = json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"There is no {path}: a model's folder needs its config.json.") from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as JSON ({error}): write the model's configuration there.") from None
    if not isinstance(values, dict):
        raise ConfigError(f"{path} holds a JSON {type(values).__name__}, where an object of configuration keys belongs.")
    return values


def _check(config: ReformerConfig) -> None:
    def need(right: bool, name: str, wanted: str) -> None:
        if not right:
            raise ConfigError(f"{name} is {getattr(config, name)!r}; it must be {wanted}.")

    def whole(value, least: int) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and value >= least

    layers = config.attn_layers
    need(isinstance(layers, tuple) and len(layers) > 0 and all(kind in ("lsh", "local") for kind in layers),
         "attn_layers", "a list of at least one 'lsh' or 'local'")
    kinds = sorted(set(layers))
    of_kinds = tuple(f"{kind}_attn_chunk_length" for kind in kinds)
    for name in ("attention_head_size", "hidden_size", "feed_forward_size", "num_attention_heads", "vocab_size",
                 "max_position_embeddings", *of_kinds):
        need(whole(getattr(config, name), 1), name, "a whole number of at least 1")
    of_kinds = tuple(f"{kind}_num_chunks_{side}" for kind in kinds for side in ("before", "after"))
    for name in ("chunk_size_feed_forward", "chunk_size_lm_head", *of_kinds):
        need(whole(getattr(config, name), 0), name, "a whole number of at least 0")
    for name in ("hidden_dropout_prob", *(f"{kind}_attention_probs_dropout_prob" for kind in kinds)):
        value = getattr(config, name)
        need(isinstance(value, (int, float)) and 0 <= value < 1, name, "a number from 0 to below 1")
    need(isinstance(config.layer_norm_eps, (int, float)) and config.layer_norm_eps >= 0, "layer_norm_eps",
         "a number of at least 0")
    need(config.hash_seed is None or (isinstance(config.hash_seed, int) and not isinstance(config.hash_seed, bool)),
         "hash_seed", "a whole number, or null for new rotations at every training step")
    need(whole(config.pad_token_id, 0) and config.pad_token_id < config.vocab_size, "pad_token_id",
         f"a token id from 0 to vocab_size - 1 ({config.vocab_size - 1})")
    need(config.hidden_act in ACTIVATIONS, "hidden_act", "one of " + ", ".join(sorted(ACTIVATIONS)))
    if "lsh" in kinds:
        need(whole(config.num_hashes, 1), "num_hashes", "a whole number of at least 1")
        need(whole(config.lsh_full_attention_below, 0), "lsh_full_attention_below", "a whole number of at least 0")
        for name in ("lsh_within_bucket", "lsh_count_keys_once"):
            need(isinstance(getattr(config, name), bool), name, "true or false")
        buckets = config.num_buckets
        factors = (2,) if buckets is None else buckets if isinstance(buckets, tuple) else (buckets,)
        need(len(factors) > 0 and all(whole(factor, 2) and factor % 2 == 0 for factor in factors), "num_buckets",
             "an even number, a list of even numbers, or null for automatic")
    if config.axial_pos_embds:
        shape, dims = config.axial_pos_shape, config.axial_pos_embds_dim
        need(isinstance(shape, tuple) and len(shape) > 0 and all(whole(n, 1) for n in shape), "axial_pos_shape",
             "a list of whole numbers of at least 1")
        need(isinstance(dims, tuple) and len(dims) == len(shape) and all(whole(n, 1) for n in dims)
             and sum(dims) == config.hidden_size, "axial_pos_embds_dim",
             f"{len(shape)} sizes (one an axis) that add up to hidden_size ({config.hidden_size})")
