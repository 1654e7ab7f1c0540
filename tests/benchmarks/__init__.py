"""What the command costs, measured beside what people use instead; `make bench` runs it."""
