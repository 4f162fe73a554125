"""Training of the encoder that ships: labels from a teacher, a warm start, distillation and contrast."""
