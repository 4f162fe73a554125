/** The encoder: bundle, tokenizer, ONNX Runtime session with our own ops, batching. */
package dev.twinstream.model;
