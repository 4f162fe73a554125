"""The student's architecture: 6.9 MFLOP a token, 1 to 65,536 tokens."""

from __future__ import annotations

from ..config import ReformerConfig

ENCODING_SIZE = 256


def student_config(vocabulary: int) -> ReformerConfig:
    """Four layers of width 256, local and LSH in turn. No dropout: the run is short and sees each text about once."""
    return ReformerConfig(
        attention_head_size=64, attn_layers=("local", "lsh", "local", "lsh"), axial_norm_std=0.1,
        axial_pos_shape=(256, 256), axial_pos_embds_dim=(64, 192), feed_forward_size=1024, hash_seed=None,
        hidden_act="relu", hidden_dropout_prob=0.0, hidden_size=256, initializer_range=1 / 16,
        local_attention_probs_dropout_prob=0.0, local_attn_chunk_length=64, local_num_chunks_after=1,
        lsh_attn_chunk_length=64, max_position_embeddings=65536, num_attention_heads=4, num_buckets=None, num_hashes=1,
        vocab_size=vocabulary)
