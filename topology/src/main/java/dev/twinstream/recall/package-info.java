/**
 * The stream's estimate of its own recall: which share of true pairs its bucket keys bring
 * together. Pure; what a pair is and which keys there are is passed in.
 */
package dev.twinstream.recall;
