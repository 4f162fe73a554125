/** Tests that run the image, and what is made of it, from the outside. */
package dev.twinstream.deploy;
