"""The person at the terminal: what is shown and asked, and in which words."""
