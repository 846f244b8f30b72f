"""What it costs to be durable and to answer, with bare peers measured in the same run."""
