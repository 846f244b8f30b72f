"""How the tables that the project ships were made; run by hand, when their sources change."""
