"""The training run: steps, schedule, checkpoints, resuming."""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from torch import Tensor
from tqdm import tqdm

from ..text_encoder import TextEncoder
from .batches import Batch, Batches
from .losses import contrast_loss, cosine_loss, similarity_loss
from .progress import LossLog


@dataclass(frozen=True)
class Plan:
    """``tokens``: of the whole run. The rate rises over ``warmup`` steps, stays, and falls to 0 over the last ``decay``
    share of tokens; the last ``long`` share trains on long documents too. Weights are scored at every multiple of
    ``score_tokens`` and at the end, so that which are best does not hang on the clock; ``checkpoint_seconds`` say how
    much work a kill may cost."""

    tokens: int
    seed: int = 1
    rate: float = 4e-4
    embedding_rate: float = 5e-4
    pooling_rate: float = 5e-5
    warmup: int = 60
    decay: float = 0.3
    long: float = 0.15
    score_tokens: int = 1_000_000
    checkpoint_seconds: float = 240
    bfloat16: bool = True


@dataclass
class Progress:
    """How far a run is; with the weights and the optimiser, all that resuming needs. ``scored``: the step last
    scored."""

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    best: float = -1.0
    scored: int = -1
    seen: dict[str, int] = field(default_factory=lambda: {"sentence": 0, "caption": 0, "document": 0, "long": 0})


class Run:
    """One training run in ``folder``: ``last.pt`` to resume from, ``best/`` the weights of the best score so far. What
    the best score is, ``best/`` alone says: a kill between the two files neither forgets nor lowers it.

    ``axes`` [T, P]: from the teacher's space to the student's. ``score``: what a checkpoint is chosen by.
    """

    def __init__(self, folder: Path, encoder: TextEncoder, batches: Batches, axes: Tensor, plan: Plan,
                 score: Callable[[TextEncoder], float], device: str = "cpu") -> None:
        self.folder, self.encoder, self.batches, self.plan = folder, encoder.to(device), batches, plan
        self.axes, self.score, self.device = axes.to(device), score, torch.device(device)
        self.progress = Progress()
        self.optimizer = torch.optim.AdamW(
            [{"params": list(encoder.reformer.encoder.parameters()), "top": plan.rate},
             {"params": [*encoder.reformer.embeddings.parameters(), *encoder.token_scalar.parameters()],
              "top": plan.embedding_rate},
             # A small step of these, summed over 512 inputs of one sign, turns every encoding.
             {"params": [*encoder.state_weight.parameters(), *encoder.head.parameters()], "top": plan.pooling_rate}],
            lr=plan.rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True)
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "last.pt").is_file():
            self._restore()
        self.log = LossLog(folder, self.progress.tokens)

    def train(self, until: int | None = None) -> None:
        """Goes on until ``plan.tokens`` (or ``until``), with a checkpoint at the end."""
        end, mark = self.plan.tokens if until is None else until, self.plan.score_tokens
        saved, started = self.progress.seconds, time.monotonic() - self.progress.seconds
        if not self.progress.step:
            self._score()
            self._save()
        with tqdm(total=self.plan.tokens, initial=self.progress.tokens, unit="tok", desc="train", mininterval=10) as bar:
            while self.progress.tokens < end:
                before = self.progress.tokens
                losses = self._step()
                bar.update(self.progress.tokens - before)
                self.log.add(step=self.progress.step, tokens=self.progress.tokens, **losses)
                self.progress.seconds = time.monotonic() - started
                at_mark = before // mark < self.progress.tokens // mark
                if at_mark:
                    self._score()
                if at_mark or self.progress.seconds - saved > self.plan.checkpoint_seconds:
                    saved = self.progress.seconds
                    self._save()
        if self.progress.tokens >= self.plan.tokens:
            self._score()
        self._save()

    def _step(self) -> dict[str, float]:
        kind, draw = self._kind(), random.Random(f"{self.plan.seed}/{self.progress.step}")
        batch = self.batches.get(kind, self.progress.seen[kind])
        for group in self.optimizer.param_groups:
            group["lr"] = group["top"] * self._rate()
        self.encoder.train()
        self.encoder.reformer.encoder.reversible = kind == "long"  # elsewhere the activations fit, and speed counts
        self.encoder.reformer.encoder.rotation_source.reseed(draw.getrandbits(60))
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.plan.bfloat16):
            losses = self._losses(batch, draw)
        total = 5 * losses["cosine"] + losses["similarity"] + 0.5 * losses.get("contrast", 0)
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(self.encoder.parameters(), 1.0)
        self.optimizer.step()
        self.progress.step += 1
        self.progress.tokens += batch.tokens
        self.progress.seen[kind] += 1
        return {"kind": kind, **{name: round(float(value.detach()), 5) for name, value in losses.items()}}

    def _losses(self, batch: Batch, draw: random.Random) -> dict[str, Tensor]:
        # Anywhere in the range, so that no position stays untrained.
        most = self.encoder.config.max_positions
        ids, mask, segment_ids = (part.to(self.device) for part in (batch.ids, batch.mask, batch.segment_ids))
        documents, segments = self.encoder(ids, mask, segment_ids, draw.randrange(most))
        full = torch.zeros(segments.shape[:2], dtype=torch.bool, device=self.device)
        rows = torch.arange(len(ids), device=self.device).unsqueeze(1).expand_as(ids)
        full[rows[segment_ids >= 0], segment_ids[segment_ids >= 0]] = True
        owner = full.nonzero()[:, 0]
        targets = batch.targets.to(self.device)
        wholes = torch.zeros(len(ids), targets.shape[1], device=self.device).index_add_(0, owner, targets)
        students = torch.cat([segments[full], documents]) if segments.shape[1] > 1 else documents
        targets = torch.cat([targets, torch.nn.functional.normalize(wholes)]) if segments.shape[1] > 1 else targets
        if batch.queries:
            queries, _ = self.encoder(*(part.to(self.device) for part in (*batch.queries, batch.queries[1] - 1)),
                                      draw.randrange(most))
            students = torch.cat([students, queries])
            targets = torch.cat([targets, batch.query_targets.to(self.device)])
        losses = {"cosine": cosine_loss(students.float(), targets @ self.axes),
                  "similarity": similarity_loss(students.float(), targets)}
        if batch.copies:
            copies, _ = self.encoder(*(part.to(self.device) for part in (*batch.copies, batch.copies[1] - 1)),
                                     draw.randrange(most))
            losses["contrast"] = contrast_loss(documents.float(), copies.float())
        return losses

    def _kind(self) -> str:
        """Of five steps two of sentences, two of documents and one of captions; at the end long documents in place of most
        documents, if there are any."""
        kind = ("sentence", "document", "caption", "sentence", "document")[self.progress.step % 5]
        ending = self.progress.tokens >= (1 - self.plan.long) * self.plan.tokens
        long = ending and self.batches.has_long and self.progress.step % 20 != 19
        return "long" if kind == "document" and long else kind

    def _rate(self) -> float:
        """The share of the top rate at this step."""
        left = 1 - self.progress.tokens / self.plan.tokens
        return min(1.0, (self.progress.step + 1) / self.plan.warmup, max(left, 0.0) / self.plan.decay)

    def _save(self) -> None:
        state = {"encoder": self.encoder.state_dict(), "optimizer": self.optimizer.state_dict(),
                 "progress": asdict(self.progress)}
        torch.save(state, self.folder / "new.pt")
        (self.folder / "new.pt").replace(self.folder / "last.pt")

    def _score(self) -> None:
        """Scores the weights, unless this step's are scored, and keeps them if they are the best."""
        if self.progress.scored == self.progress.step:
            return
        score = self.score(self.encoder.eval())
        self.progress.scored = self.progress.step
        self.log.add(step=self.progress.step, tokens=self.progress.tokens, score=round(score, 5))
        if score > self.progress.best:
            self.progress.best = score
            self._save_best()
        tqdm.write(f"step {self.progress.step}, {self.progress.tokens} tokens: score {score:.4f}, "
                   f"best {self.progress.best:.4f}")

    def _save_best(self) -> None:
        """``best/`` is replaced by a complete folder; :meth:`_restore` ends what a kill interrupts."""
        best, new, old = (self.folder / name for name in ("best", "best.new", "best.old"))
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
        self.encoder.save(new)
        values = {**asdict(self.progress), "plan": asdict(self.plan)}
        (new / "progress.json").write_text(json.dumps(values, indent=1), encoding="utf-8")
        if best.exists():
            best.rename(old)
        new.rename(best)
        shutil.rmtree(old, ignore_errors=True)

    def _restore(self) -> None:
        state = torch.load(self.folder / "last.pt", map_location=self.device, weights_only=True)
        self.encoder.load_state_dict(state["encoder"])
        tops = [group["top"] for group in self.optimizer.param_groups]
        self.optimizer.load_state_dict(state["optimizer"])
        for group, top in zip(self.optimizer.param_groups, tops):
            group["top"] = top
        best, new = self.folder / "best", self.folder / "best.new"
        if not best.exists() and new.exists():  # complete: only then does the old one make way
            new.rename(best)
        shutil.rmtree(self.folder / "best.old", ignore_errors=True)
        kept = best / "progress.json"
        score = json.loads(kept.read_text(encoding="utf-8"))["best"] if kept.is_file() else -1.0
        self.progress = Progress(**{**state["progress"], "best": score})
