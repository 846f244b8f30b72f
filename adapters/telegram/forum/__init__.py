"""The agents' forum group: a topic for every conversation that people lead, as on a phone."""
