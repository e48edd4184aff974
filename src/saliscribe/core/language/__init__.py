"""The language that findings are written in: vocabulary, rounding, sentences,
and the way back from sentences."""
