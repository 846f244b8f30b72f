"""What a customer means: texts are normalised, compared with the phrasings, and judged."""
