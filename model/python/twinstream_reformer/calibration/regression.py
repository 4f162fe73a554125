"""Logistic regression, and how far its probabilities may be trusted."""

from __future__ import annotations

import numpy as np


def fit(features: np.ndarray, labels: np.ndarray, weights: np.ndarray, penalty: float = 1.0) -> np.ndarray:
    """Coefficients by iteratively reweighted least squares on standardised features; the first column is the constant 1.
    ``penalty``: of the squared standardised coefficients (ridge)."""
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    mean[0], spread[0] = 0, 1
    scaled = (features - mean) / spread
    found = np.zeros(scaled.shape[1])
    for _ in range(30):
        expected = probabilities(scaled, found)
        gradient = scaled.T @ ((labels - expected) * weights) - penalty * found
        curvature = (scaled * (expected * (1 - expected) * weights)[:, None]).T @ scaled
        found += np.linalg.solve(curvature + penalty * np.eye(len(found)), gradient)
    coefficients = found / spread
    coefficients[0] -= (found * mean / spread).sum()
    return coefficients


def probabilities(features: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(features @ coefficients)))


def reliability(expected: np.ndarray, labels: np.ndarray,
                weights: np.ndarray) -> tuple[list[tuple[int, float, float]], float]:
    """For each tenth of the range of probability: pairs, mean probability, share of twins; and the expected calibration
    error, the mean distance of the two (Naeini, Cooper, Hauskrecht, Obtaining well calibrated probabilities, 2015).
    ``weights``: what each pair counts in means, shares and the error."""
    tenth = np.minimum((expected * 10).astype(int), 9)
    rows, error = [], 0.0
    for part in range(10):
        inside = tenth == part
        count, weight = int(inside.sum()), float(weights[inside].sum())
        mean = float(np.average(expected[inside], weights=weights[inside])) if count else 0.0
        share = float(np.average(labels[inside], weights=weights[inside])) if count else 0.0
        rows.append((count, mean, share))
        error += weight / max(1e-9, float(weights.sum())) * abs(mean - share)
    return rows, error
