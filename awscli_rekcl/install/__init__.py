"""`awscli-rekcl install`, `remove` and `status`.

The AWS CLI itself imports nothing of this but `completion`, and that only for our own command.
"""
