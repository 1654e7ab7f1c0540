"""The person at the terminal: what is shown and asked."""
