"""Proof on real AWS that the service does what the command and its simulator assume: `make live`.

``proof`` does the steps, beside what is believed to come of each, and deletes what they created.
"""
