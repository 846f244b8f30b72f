"""The FAQ: what staff write, and how a customer's question finds it."""
