"""What the student is taught by."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

#: Temperature of similarity rows and of the contrast.
TEMPERATURE = 0.05


def cosine_loss(student: Tensor, target: Tensor) -> Tensor:
    """Mean cosine distance of unit ``student`` [N, P] to ``target`` [N, P] (any length)."""
    return 1 - F.cosine_similarity(student, target, dim=-1).mean()


def similarity_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """How far each text's distribution of similarity over the other texts of the batch is from the teacher's (KL).

    Unit vectors, ``student`` [N, P], ``teacher`` [N, T].
    """
    own = torch.eye(len(student), dtype=torch.bool, device=student.device)
    ours, theirs = ((vectors @ vectors.T / TEMPERATURE).masked_fill(own, -1e4) for vectors in (student, teacher))
    return F.kl_div(ours.log_softmax(dim=-1), theirs.log_softmax(dim=-1), reduction="batchmean", log_target=True)


def contrast_loss(documents: Tensor, copies: Tensor) -> Tensor:
    """Each document [N, P] must find its damaged copy [N, P] among all copies and other documents, and the reverse."""
    own = torch.eye(len(documents), dtype=torch.bool, device=documents.device)
    across = documents @ copies.T / TEMPERATURE
    among_documents = (documents @ documents.T / TEMPERATURE).masked_fill(own, -1e4)
    among_copies = (copies @ copies.T / TEMPERATURE).masked_fill(own, -1e4)
    right = torch.arange(len(documents), device=documents.device)
    return (F.cross_entropy(torch.cat([across, among_documents], dim=1), right)
            + F.cross_entropy(torch.cat([across.T, among_copies], dim=1), right)) / 2
