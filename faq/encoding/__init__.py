"""What sentences mean, as directions: those that mean the same point the same way."""
