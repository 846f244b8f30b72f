"""What it costs to be durable, to answer and to match, with peers measured in the same run."""
