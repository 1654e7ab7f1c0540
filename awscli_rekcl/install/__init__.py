"""The installer: `install`, `remove` and `status`. The command itself imports nothing of it."""
