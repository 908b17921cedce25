"""What follows from the figures: frame in, frame out; no words, no drawing."""
