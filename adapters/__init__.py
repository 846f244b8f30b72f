"""The platforms: one package each, which speaks one platform and decides nothing."""
